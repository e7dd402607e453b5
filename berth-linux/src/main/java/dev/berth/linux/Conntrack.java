package dev.berth.linux;

import static dev.berth.linux.NetlinkSocket.NETLINK_NETFILTER;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * The kernel's table of connections. What is known there keeps its translation whatever the rules
 * say by now, which for UDP means: as long as packets go on. The kernel itself looks for the
 * entries (Linux 5.8 and later); each call is one message in the network namespace of the calling
 * thread.
 *
 * @see <a href="https://docs.kernel.org/netlink/specs/conntrack.html">conntrack netlink</a>
 */
public final class Conntrack {
  private static final int SUBSYSTEM = 1;
  private static final int IPCTNL_MSG_CT_DELETE = 2;
  private static final int CTA_TUPLE_ORIG = 1;
  private static final int CTA_TUPLE_REPLY = 2;
  private static final int CTA_FILTER = 25;
  private static final int CTA_FILTER_ORIG_FLAGS = 1;
  private static final int CTA_FILTER_REPLY_FLAGS = 2;
  private static final int CTA_TUPLE_IP = 1;
  private static final int CTA_TUPLE_PROTO = 2;
  private static final int CTA_IP_V4_SRC = 1;
  private static final int CTA_IP_V6_SRC = 3;
  private static final int CTA_PROTO_NUM = 1;
  private static final int CTA_PROTO_DST_PORT = 3;
  private static final int FILTER_SOURCE_ADDRESS = 1;
  private static final int FILTER_PROTOCOL = 1 << 3;
  private static final int FILTER_DESTINATION_PORT = 1 << 5;

  private Conntrack() {}

  /** Forgets all UDP traffic that was translated to, or simply goes to, an address. */
  public static void forgetUdpTo(InetAddress address) {
    boolean v6 = address instanceof Inet6Address;
    NetlinkWriter out = begin(v6);
    int tuple = out.nest(CTA_TUPLE_REPLY | NetlinkWriter.NESTED);
    int ip = out.nest(CTA_TUPLE_IP | NetlinkWriter.NESTED);
    out.attribute(v6 ? CTA_IP_V6_SRC : CTA_IP_V4_SRC, address);
    out.end(ip);
    int protocol = out.nest(CTA_TUPLE_PROTO | NetlinkWriter.NESTED);
    out.attribute8(CTA_PROTO_NUM, InternetSockets.Protocol.UDP.number());
    out.end(protocol).end(tuple);
    filter(out, CTA_FILTER_REPLY_FLAGS, FILTER_SOURCE_ADDRESS | FILTER_PROTOCOL);
    send(out, address.toString());
  }

  /**
   * Forgets all UDP traffic that was sent to a port, on whatever address.
   *
   * @param v6 whether by IPv6
   */
  public static void forgetUdpPort(boolean v6, int port) {
    NetlinkWriter out = begin(v6);
    int tuple = out.nest(CTA_TUPLE_ORIG | NetlinkWriter.NESTED);
    int protocol = out.nest(CTA_TUPLE_PROTO | NetlinkWriter.NESTED);
    out.attribute8(CTA_PROTO_NUM, InternetSockets.Protocol.UDP.number());
    out.attribute16BigEndian(CTA_PROTO_DST_PORT, port);
    out.end(protocol).end(tuple);
    filter(out, CTA_FILTER_ORIG_FLAGS, FILTER_PROTOCOL | FILTER_DESTINATION_PORT);
    send(out, Integer.toString(port));
  }

  private static NetlinkWriter begin(boolean v6) {
    NetlinkWriter out =
        new NetlinkWriter(
            SUBSYSTEM << 8 | IPCTNL_MSG_CT_DELETE, NetlinkSocket.F_REQUEST | NetlinkSocket.F_ACK);
    NetfilterBatch.general(out, v6 ? SocketAddressCodec.AF_INET6 : SocketAddressCodec.AF_INET, 0);
    return out;
  }

  private static void filter(NetlinkWriter out, int side, int flags) {
    int filter = out.nest(CTA_FILTER | NetlinkWriter.NESTED);
    out.attribute32(CTA_FILTER_ORIG_FLAGS, side == CTA_FILTER_ORIG_FLAGS ? flags : 0);
    out.attribute32(CTA_FILTER_REPLY_FLAGS, side == CTA_FILTER_REPLY_FLAGS ? flags : 0);
    out.end(filter);
  }

  private static void send(NetlinkWriter out, String arguments) {
    try (NetlinkSocket socket = NetlinkSocket.open(NETLINK_NETFILTER)) {
      var request = new NetlinkRequest("IPCTNL_MSG_CT_DELETE", arguments, out);
      for (LinuxException failure : socket.send(List.of(request))) {
        if (failure != null && !failure.is(Errno.ENOENT)) {
          throw failure;
        }
      }
    }
  }
}
