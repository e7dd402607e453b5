package dev.berth.linux;

/** What was asked of the kernel by netlink. */
public final class NetlinkFigures {
  private NetlinkFigures() {}

  /** How many requests were sent on all sockets of this process. */
  public static long requests() {
    return NetlinkSocket.requests();
  }
}
