package dev.berth.network.dns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;

/**
 * The host's own name servers, followed as the file changes: looked at when a question is to be
 * passed on, at most once a second, so that an idle engine does nothing. A file that is missing
 * means the servers that containers get then, until it is there again. Safe for use by several
 * threads.
 */
final class HostServers {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Path usual;
  private final Path behindTheStub;
  private final Runnable onChange;
  private volatile Known known = new Known(List.of(), List.of(), "", Long.MIN_VALUE);

  /**
   * What the last look has shown.
   *
   * @param ipv4 servers for sandboxes without IPv6
   * @param dual servers for the others
   * @param version of the files
   * @param nextLookNanos when it is time for another look
   */
  private record Known(
      List<Upstream> ipv4, List<Upstream> dual, String version, long nextLookNanos) {}

  HostServers(Path usual, Path behindTheStub, Runnable onChange) {
    this.usual = usual;
    this.behindTheStub = behindTheStub;
    this.onChange = onChange;
  }

  /** The servers at present. */
  List<Upstream> current(boolean ipv6, long nowNanos) {
    Known last = known;
    boolean never = last.nextLookNanos == Long.MIN_VALUE;
    Known fresh = never || nowNanos - last.nextLookNanos >= 0 ? look(nowNanos) : last;
    return ipv6 ? fresh.dual : fresh.ipv4;
  }

  private synchronized Known look(long nowNanos) {
    Known last = known;
    boolean never = last.nextLookNanos == Long.MIN_VALUE;
    if (!never && nowNanos - last.nextLookNanos < 0) {
      return last;
    }
    String version = version(usual) + version(behindTheStub);
    long next = nowNanos + LOOK_EVERY.toNanos();
    boolean changed = !version.equals(last.version);
    if (changed) {
      ResolvConf conf = ResolvConf.ofHost(usual, behindTheStub);
      known = new Known(servers(conf, false), servers(conf, true), version, next);
      onChange.run();
    } else {
      known = new Known(last.ipv4, last.dual, version, next);
    }
    return known;
  }

  private static List<Upstream> servers(ResolvConf conf, boolean ipv6) {
    return ContainerResolvConf.withNameServer(conf, ResolvConf.Overrides.none(), ipv6).upstreams();
  }

  /** Changes with a write as with a replacement of the file, or of what it links to. */
  private static String version(Path file) {
    try {
      BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
      return seen.lastModifiedTime() + "/" + seen.size() + "/" + seen.fileKey() + ";";
    } catch (IOException e) {
      return "none;";
    }
  }
}
