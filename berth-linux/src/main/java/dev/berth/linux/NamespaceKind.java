package dev.berth.linux;

/**
 * The kinds of namespaces.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/namespaces.7.html">namespaces(7)</a>
 */
public enum NamespaceKind {
  /** Interfaces, addresses, routes, rules. */
  NETWORK(0x40000000, "net"),
  /** Mounts. */
  MOUNT(0x00020000, "mnt"),
  /** Host and domain name. */
  UTS(0x04000000, "uts"),
  /** System V objects and message queues. */
  IPC(0x08000000, "ipc"),
  /** Process numbers. */
  PID(0x20000000, "pid"),
  /** Users, groups and capabilities. */
  USER(0x10000000, "user"),
  /** The cgroup root. */
  CGROUP(0x02000000, "cgroup"),
  /** Boot and monotonic clocks. */
  TIME(0x00000080, "time");

  private final int cloneFlag;
  private final String procName;

  NamespaceKind(int cloneFlag, String procName) {
    this.cloneFlag = cloneFlag;
    this.procName = procName;
  }

  /** The kernel's {@code CLONE_NEW} flag. */
  public int cloneFlag() {
    return cloneFlag;
  }

  /** The name of its file in {@code /proc/PID/ns}. */
  public String procName() {
    return procName;
  }
}
