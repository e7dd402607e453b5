package dev.berth.runtime;

/**
 * How this machine's control groups are laid out.
 *
 * @param version of the hierarchy that limits containers
 * @param driver who makes groups
 * @param hybrid whether a version 2 tree with controllers is mounted beside version 1
 */
public record Cgroups(int version, Driver driver, boolean hybrid) {
  /** Who makes groups. */
  public enum Driver {
    /** The runtime itself. */
    CGROUPFS,
    /** systemd, asked over D-Bus. */
    SYSTEMD
  }
}
