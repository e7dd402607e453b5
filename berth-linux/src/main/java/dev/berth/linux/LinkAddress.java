package dev.berth.linux;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An address of an interface.
 *
 * @param index the interface
 * @param address the address
 * @param prefixLength how many bits are the network
 * @param flags IFA_F_ flags, see {@link Addresses}
 * @param scope RT_SCOPE_ number: 0 universe, 253 link, 254 host
 */
public record LinkAddress(int index, InetAddress address, int prefixLength, int flags, int scope) {

  /** A usual address: no flag, and for IPv6 no duplicate address detection. */
  public static LinkAddress of(int index, InetAddress address, int prefixLength) {
    int flags = address instanceof Inet6Address ? Addresses.IFA_F_NODAD : 0;
    return new LinkAddress(index, address, prefixLength, flags, 0);
  }

  static LinkAddress decode(ByteBuffer payload) {
    NetlinkAttributes attributes =
        NetlinkAttributes.parse(payload.duplicate().order(payload.order()).position(8));
    InetAddress address =
        attributes
            .address(Addresses.IFA_LOCAL)
            .or(() -> attributes.address(Addresses.IFA_ADDRESS))
            .orElseThrow();
    return new LinkAddress(
        payload.getInt(4),
        address,
        payload.get(1) & 0xFF,
        attributes.int32(Addresses.IFA_FLAGS, payload.get(2) & 0xFF),
        payload.get(3) & 0xFF);
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixLength + " dev " + index;
  }
}
