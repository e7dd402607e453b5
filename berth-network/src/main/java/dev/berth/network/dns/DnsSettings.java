package dev.berth.network.dns;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What the name server is run with.
 *
 * @param ownTtl how long clients may keep the engine's own answers
 * @param hostFile the host's resolv.conf, which is followed as it changes
 * @param hostFileBehindStub where systemd-resolved keeps the servers behind its stub
 */
public record DnsSettings(Duration ownTtl, Path hostFile, Path hostFileBehindStub) {
  /** A day: the longest time for which own answers may be kept. */
  public static final int LONGEST_TTL_SECONDS = 86_400;

  /** The same with another time for own answers. */
  public DnsSettings withOwnTtl(Duration newTtl) {
    return new DnsSettings(newTtl, hostFile, hostFileBehindStub);
  }

  /**
   * One second: a container that moves is found again at once, and a client which looks a name up
   * for each of its packets still asks only once a second.
   */
  public static DnsSettings defaults() {
    return new DnsSettings(
        Duration.ofSeconds(1),
        Path.of("/etc/resolv.conf"),
        Path.of("/run/systemd/resolve/resolv.conf"));
  }
}
