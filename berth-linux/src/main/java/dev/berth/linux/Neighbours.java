package dev.berth.linux;

/**
 * Requests about neighbours and forwarding entries.
 *
 * @see <a href="https://man7.org/linux/man-pages/man8/ip-neighbour.8.html">ip-neighbour(8)</a>
 */
public final class Neighbours {
  static final int RTM_NEWNEIGH = 28;
  static final int RTM_DELNEIGH = 29;
  static final int RTM_GETNEIGH = 30;
  static final int NDA_DST = 1;
  static final int NDA_LLADDR = 2;
  static final int AF_BRIDGE = 7;

  private static final int CHANGE = NetlinkSocket.F_REQUEST | NetlinkSocket.F_ACK;

  private Neighbours() {}

  /** Adds an entry or changes the one that is there. */
  public static NetlinkRequest replace(Neighbour neighbour) {
    int flags = CHANGE | NetlinkSocket.F_CREATE | NetlinkSocket.F_REPLACE;
    return new NetlinkRequest(
        "RTM_NEWNEIGH", neighbour.toString(), message(RTM_NEWNEIGH, flags, neighbour));
  }

  /** Removes an entry; ENOENT when there is none. */
  public static NetlinkRequest delete(Neighbour neighbour) {
    return new NetlinkRequest(
        "RTM_DELNEIGH", neighbour.toString(), message(RTM_DELNEIGH, CHANGE, neighbour));
  }

  static NetlinkRequest dump(boolean bridge) {
    int flags = NetlinkSocket.F_REQUEST | NetlinkSocket.F_DUMP;
    NetlinkWriter out = new NetlinkWriter(RTM_GETNEIGH, flags);
    out.int8(bridge ? AF_BRIDGE : 0).int8(0).int16(0).int32(0).int32(0);
    return new NetlinkRequest("RTM_GETNEIGH", "all", out);
  }

  private static NetlinkWriter message(int type, int flags, Neighbour neighbour) {
    NetlinkWriter out = new NetlinkWriter(type, flags);
    int family =
        neighbour.bridge() || neighbour.address() == null
            ? AF_BRIDGE
            : Addresses.family(neighbour.address());
    out.int8(family)
        .int8(0)
        .int16(0)
        .int32(neighbour.index())
        .int16(neighbour.state())
        .int8(neighbour.flags())
        .int8(0);
    if (neighbour.address() != null) {
      out.attribute(NDA_DST, neighbour.address());
    }
    if (neighbour.mac() != null) {
      out.attribute(NDA_LLADDR, neighbour.mac().toBytes());
    }
    return out;
  }
}
