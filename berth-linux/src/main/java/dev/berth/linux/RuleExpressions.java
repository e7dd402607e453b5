package dev.berth.linux;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A rule in the kernel's own words: what is loaded, compared and done, in the order in which it
 * runs. Only what single rules of many namespaces need; whole rulesets are text for {@link
 * Nftables}.
 *
 * @see <a href="https://docs.kernel.org/networking/netlink_spec/nftables.html">nftables netlink</a>
 */
public final class RuleExpressions {
  private static final int NFTA_LIST_ELEM = 1;
  private static final int NFTA_EXPR_NAME = 1;
  private static final int NFTA_EXPR_DATA = 2;
  private static final int NFTA_DATA_VALUE = 1;
  private static final int REGISTER_1 = 1;
  private static final int REGISTER_2 = 2;
  private static final int NETWORK_HEADER = 1;
  private static final int TRANSPORT_HEADER = 2;
  private static final int IPV4_DESTINATION_OFFSET = 16;
  private static final int PORT_DESTINATION_OFFSET = 2;
  private static final int NFT_META_L4PROTO = 16;
  private static final int NFT_CMP_EQ = 0;
  private static final int NFT_NAT_DNAT = 1;
  private static final int NFPROTO_IPV4 = 2;

  private final List<Consumer<NetlinkWriter>> expressions = new ArrayList<>();

  private RuleExpressions() {}

  /** A rule that matches everything and does nothing yet. */
  public static RuleExpressions begin() {
    return new RuleExpressions();
  }

  /** Goes on only for packets to an IPv4 address. */
  public RuleExpressions destination(Inet4Address address) {
    return payload(NETWORK_HEADER, IPV4_DESTINATION_OFFSET, 4).equalTo(address.getAddress());
  }

  /** Goes on only for packets of a transport protocol, such as 6 for TCP. */
  public RuleExpressions protocol(int number) {
    expression(
        "meta",
        out -> {
          out.attribute32BigEndian(1, REGISTER_1);
          out.attribute32BigEndian(2, NFT_META_L4PROTO);
        });
    return equalTo(new byte[] {(byte) number});
  }

  /** Goes on only for packets to a port; the protocol must have been matched before. */
  public RuleExpressions destinationPort(int port) {
    return payload(TRANSPORT_HEADER, PORT_DESTINATION_OFFSET, 2).equalTo(bigEndian16(port));
  }

  /** Gives the connection another destination; only in a chain of type nat. */
  public RuleExpressions destinationNat(InetAddress address, int port) {
    immediate(REGISTER_1, address.getAddress());
    immediate(REGISTER_2, bigEndian16(port));
    return expression(
        "nat",
        out -> {
          out.attribute32BigEndian(1, NFT_NAT_DNAT);
          out.attribute32BigEndian(2, NFPROTO_IPV4);
          out.attribute32BigEndian(3, REGISTER_1);
          out.attribute32BigEndian(5, REGISTER_2);
        });
  }

  private RuleExpressions payload(int base, int offset, int length) {
    return expression(
        "payload",
        out -> {
          out.attribute32BigEndian(1, REGISTER_1);
          out.attribute32BigEndian(2, base);
          out.attribute32BigEndian(3, offset);
          out.attribute32BigEndian(4, length);
        });
  }

  private RuleExpressions equalTo(byte[] value) {
    return expression(
        "cmp",
        out -> {
          out.attribute32BigEndian(1, REGISTER_1);
          out.attribute32BigEndian(2, NFT_CMP_EQ);
          data(out, 3, value);
        });
  }

  private void immediate(int register, byte[] value) {
    expression(
        "immediate",
        out -> {
          out.attribute32BigEndian(1, register);
          data(out, 2, value);
        });
  }

  private static void data(NetlinkWriter out, int type, byte[] value) {
    int nest = out.nest(type | NetlinkWriter.NESTED);
    out.attribute(NFTA_DATA_VALUE, value);
    out.end(nest);
  }

  private RuleExpressions expression(String name, Consumer<NetlinkWriter> attributes) {
    expressions.add(out -> {
      int element = out.nest(NFTA_LIST_ELEM | NetlinkWriter.NESTED);
      out.attributeText(NFTA_EXPR_NAME, name);
      int data = out.nest(NFTA_EXPR_DATA | NetlinkWriter.NESTED);
      attributes.accept(out);
      out.end(data).end(element);
    });
    return this;
  }

  private static byte[] bigEndian16(int value) {
    return ByteBuffer.allocate(2).putShort((short) value).array();
  }

  void write(NetlinkWriter out) {
    expressions.forEach(expression -> expression.accept(out));
  }
}
