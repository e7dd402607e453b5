package dev.berth.linux;

/**
 * Requests about routes.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/rtnetlink.7.html">rtnetlink(7)</a>
 */
public final class Routes {
  static final int RTM_NEWROUTE = 24;
  static final int RTM_DELROUTE = 25;
  static final int RTM_GETROUTE = 26;
  static final int RTA_DST = 1;
  static final int RTA_OIF = 4;
  static final int RTA_GATEWAY = 5;
  static final int RTA_PRIORITY = 6;
  static final int RTA_PREFSRC = 7;
  static final int RTA_TABLE = 15;

  private static final int CHANGE = NetlinkSocket.F_REQUEST | NetlinkSocket.F_ACK;
  private static final int LARGEST_SHORT_TABLE = 255;
  private static final int RT_SCOPE_NOWHERE = 255;

  private Routes() {}

  /** Adds a route; EEXIST when there is one to the same network with the same metric. */
  public static NetlinkRequest add(Route route) {
    int flags = CHANGE | NetlinkSocket.F_CREATE | NetlinkSocket.F_EXCL;
    return new NetlinkRequest(
        "RTM_NEWROUTE", route.toString(), message(RTM_NEWROUTE, flags, route));
  }

  /** Adds a route in place of one to the same network with the same metric. */
  public static NetlinkRequest replace(Route route) {
    int flags = CHANGE | NetlinkSocket.F_CREATE | NetlinkSocket.F_REPLACE;
    return new NetlinkRequest(
        "RTM_NEWROUTE", route.toString(), message(RTM_NEWROUTE, flags, route));
  }

  /** Removes a route; ESRCH when there is none. */
  public static NetlinkRequest delete(Route route) {
    return new NetlinkRequest(
        "RTM_DELROUTE", route.toString(), message(RTM_DELROUTE, CHANGE, route));
  }

  static NetlinkRequest dump() {
    return dump(0);
  }

  /** Those of one table; of all for 0. */
  static NetlinkRequest dump(int table) {
    int flags = NetlinkSocket.F_REQUEST | NetlinkSocket.F_DUMP;
    NetlinkWriter out = new NetlinkWriter(RTM_GETROUTE, flags);
    out.int32(0).int8(table).int8(0).int8(0).int8(0).int32(0);
    return new NetlinkRequest("RTM_GETROUTE", table == 0 ? "all" : "table " + table, out);
  }

  private static NetlinkWriter message(int type, int flags, Route route) {
    boolean deleting = type == RTM_DELROUTE;
    NetlinkWriter out = new NetlinkWriter(type, flags);
    out.int8(route.family())
        .int8(route.prefixLength())
        .int8(0)
        .int8(0)
        .int8(route.table() <= LARGEST_SHORT_TABLE ? route.table() : 0)
        .int8(deleting ? 0 : route.protocol())
        .int8(deleting && route.scope() == 0 ? RT_SCOPE_NOWHERE : route.scope())
        .int8(deleting ? 0 : route.type())
        .int32(route.onLink() ? Route.RTNH_F_ONLINK : 0);
    if (route.destination() != null) {
      out.attribute(RTA_DST, route.destination());
    }
    if (route.gateway() != null) {
      out.attribute(RTA_GATEWAY, route.gateway());
    }
    if (route.preferredSource() != null) {
      out.attribute(RTA_PREFSRC, route.preferredSource());
    }
    if (route.index() != 0) {
      out.attribute32(RTA_OIF, route.index());
    }
    if (route.metric() != 0) {
      out.attribute32(RTA_PRIORITY, route.metric());
    }
    if (route.table() > LARGEST_SHORT_TABLE) {
      out.attribute32(RTA_TABLE, route.table());
    }
    return out;
  }
}
