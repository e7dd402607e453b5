package dev.berth.network.dns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;

/**
 * The host's own name servers, followed as the file changes: looked at when a question is to be
 * passed on, at most once a second, so that an idle engine does nothing. Safe for use by several
 * threads.
 */
final class HostServers {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Path usual;
  private final Path behindTheStub;
  private final Runnable onChange;
  private List<Upstream> upstreams = List.of();
  private String version = "";
  private long nextLookNanos;
  private boolean looked;

  HostServers(Path usual, Path behindTheStub, Runnable onChange) {
    this.usual = usual;
    this.behindTheStub = behindTheStub;
    this.onChange = onChange;
  }

  /** The servers at present. */
  synchronized List<Upstream> current(long nowNanos) {
    if (!looked || nowNanos - nextLookNanos >= 0) {
      looked = true;
      nextLookNanos = nowNanos + LOOK_EVERY.toNanos();
      String seen = version(usual) + version(behindTheStub);
      if (!seen.equals(version)) {
        version = seen;
        upstreams = ResolvConf.ofHost(usual, behindTheStub).upstreams(false);
        onChange.run();
      }
    }
    return upstreams;
  }

  private static String version(Path file) {
    try {
      FileTime time = Files.getLastModifiedTime(file);
      return time.toMillis() + "/" + Files.size(file) + "/" + file.toRealPath() + ";";
    } catch (IOException e) {
      return "none;";
    }
  }
}
