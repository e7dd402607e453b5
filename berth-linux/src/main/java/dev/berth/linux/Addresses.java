package dev.berth.linux;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Requests about addresses of interfaces.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/rtnetlink.7.html">rtnetlink(7)</a>
 */
public final class Addresses {
  /** No duplicate address detection: usable at once. */
  public static final int IFA_F_NODAD = 0x02;

  /** Set by the administrator and not by a router. */
  public static final int IFA_F_PERMANENT = 0x80;

  /** No route to the network comes with the address. */
  public static final int IFA_F_NOPREFIXROUTE = 0x200;

  static final int RTM_NEWADDR = 20;
  static final int RTM_DELADDR = 21;
  static final int RTM_GETADDR = 22;
  static final int IFA_ADDRESS = 1;
  static final int IFA_LOCAL = 2;
  static final int IFA_BROADCAST = 4;
  static final int IFA_FLAGS = 8;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  private static final int CHANGE = NetlinkSocket.F_REQUEST | NetlinkSocket.F_ACK;

  private Addresses() {}

  /** Adds an address; EEXIST when the interface has it. */
  public static NetlinkRequest add(LinkAddress address) {
    int flags = CHANGE | NetlinkSocket.F_CREATE | NetlinkSocket.F_EXCL;
    return new NetlinkRequest(
        "RTM_NEWADDR", address.toString(), message(RTM_NEWADDR, flags, address));
  }

  /** Adds an address, or changes its flags when the interface has it. */
  public static NetlinkRequest replace(LinkAddress address) {
    int flags = CHANGE | NetlinkSocket.F_CREATE | NetlinkSocket.F_REPLACE;
    return new NetlinkRequest(
        "RTM_NEWADDR", address.toString(), message(RTM_NEWADDR, flags, address));
  }

  /** Removes an address; EADDRNOTAVAIL when the interface does not have it. */
  public static NetlinkRequest delete(LinkAddress address) {
    return new NetlinkRequest(
        "RTM_DELADDR", address.toString(), message(RTM_DELADDR, CHANGE, address));
  }

  static NetlinkRequest dump() {
    int flags = NetlinkSocket.F_REQUEST | NetlinkSocket.F_DUMP;
    NetlinkWriter out = new NetlinkWriter(RTM_GETADDR, flags);
    out.int8(0).int8(0).int8(0).int8(0).int32(0);
    return new NetlinkRequest("RTM_GETADDR", "all", out);
  }

  static int family(InetAddress address) {
    return address instanceof Inet4Address ? AF_INET : AF_INET6;
  }

  private static NetlinkWriter message(int type, int flags, LinkAddress address) {
    NetlinkWriter out = new NetlinkWriter(type, flags);
    out.int8(family(address.address()))
        .int8(address.prefixLength())
        .int8(0)
        .int8(address.scope())
        .int32(address.index())
        .attribute(IFA_LOCAL, address.address())
        .attribute(IFA_ADDRESS, address.address());
    if (address.address() instanceof Inet4Address && address.prefixLength() < 31) {
      out.attribute(IFA_BROADCAST, broadcast(address));
    }
    if (address.flags() != 0) {
      out.attribute32(IFA_FLAGS, address.flags());
    }
    return out;
  }

  private static byte[] broadcast(LinkAddress address) {
    byte[] bytes = address.address().getAddress();
    for (int bit = address.prefixLength(); bit < Integer.SIZE; bit++) {
      bytes[bit / 8] |= (byte) (0x80 >> (bit % 8));
    }
    return bytes;
  }
}
