package dev.berth.linux;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the neighbour table (ARP, NDP) or of a bridge's forwarding table.
 *
 * @param index the interface
 * @param address the neighbour's address; null in a forwarding table unless it names a remote end
 * @param mac its hardware address; null while unknown
 * @param state NUD_ flags: 2 reachable, 64 without ARP, 128 permanent
 * @param flags NTF_ flags: 2 own (forwarding table), 8 proxy
 * @param bridge whether it is an entry of a forwarding table
 */
public record Neighbour(
    int index,
    @Nullable InetAddress address,
    @Nullable MacAddress mac,
    int state,
    int flags,
    boolean bridge) {
  /** Stays until it is removed. */
  public static final int NUD_PERMANENT = 0x80;

  /** An entry of the interface itself, for vxlan. */
  public static final int NTF_SELF = 2;

  /** Questions for the address are answered by this host. */
  public static final int NTF_PROXY = 8;

  private static final int HEADER_BYTES = 12;

  static Neighbour decode(ByteBuffer payload) {
    NetlinkAttributes attributes =
        NetlinkAttributes.parse(payload.duplicate().order(payload.order()).position(HEADER_BYTES));
    return new Neighbour(
        payload.getInt(4),
        attributes.address(Neighbours.NDA_DST).orElse(null),
        attributes.mac(Neighbours.NDA_LLADDR).orElse(null),
        payload.getShort(8) & 0xFFFF,
        payload.get(10) & 0xFF,
        (payload.get(0) & 0xFF) == Neighbours.AF_BRIDGE);
  }
}
