package dev.berth.linux;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An interface as the kernel shows it.
 *
 * @param index its number in its namespace
 * @param name its name
 * @param flags IFF_ flags
 * @param mtuBytes its MTU
 * @param mac its hardware address
 * @param masterIndex the bridge it is a port of, 0 for none
 * @param linkIndex the parent, or the other end of a pair (in its namespace), 0 for none
 * @param linkNamespaceId the id of the namespace that {@code linkIndex} belongs to, -1 for this one
 * @param kind the kernel's word for what it is; empty for a physical one
 * @param operationalState IF_OPER_ number; 6 is up
 * @param alias the text kept with it
 * @param statistics what went through it
 */
public record Link(
    int index,
    String name,
    int flags,
    int mtuBytes,
    Optional<MacAddress> mac,
    int masterIndex,
    int linkIndex,
    int linkNamespaceId,
    String kind,
    int operationalState,
    String alias,
    Optional<LinkStatistics> statistics) {
  private static final int IFF_UP = 1;
  private static final int IFF_LOOPBACK = 8;
  private static final int IFF_RUNNING = 0x40;

  /** Whether it was brought up. */
  public boolean isUp() {
    return (flags & IFF_UP) != 0;
  }

  /** Whether frames pass: it is switched on, and the kernel has taken notice of its carrier. */
  public boolean isRunning() {
    return (flags & IFF_RUNNING) != 0;
  }

  /** Whether it is a loopback. */
  public boolean isLoopback() {
    return (flags & IFF_LOOPBACK) != 0;
  }

  static Link decode(ByteBuffer payload) {
    NetlinkAttributes attributes =
        NetlinkAttributes.parse(payload.duplicate().order(payload.order()).position(16));
    ByteBuffer statistics = attributes.raw(Links.IFLA_STATS64);
    return new Link(
        payload.getInt(4),
        attributes.text(Links.IFLA_IFNAME),
        payload.getInt(8),
        attributes.int32(Links.IFLA_MTU, 0),
        attributes.mac(Links.IFLA_ADDRESS),
        attributes.int32(Links.IFLA_MASTER, 0),
        attributes.int32(Links.IFLA_LINK, 0),
        attributes.int32(Links.IFLA_LINK_NETNSID, -1),
        attributes.nested(Links.IFLA_LINKINFO).text(Links.IFLA_INFO_KIND),
        attributes.int8(Links.IFLA_OPERSTATE, 0),
        attributes.text(Links.IFLA_IFALIAS),
        statistics == null ? Optional.empty() : Optional.of(LinkStatistics.decode(statistics)));
  }
}
