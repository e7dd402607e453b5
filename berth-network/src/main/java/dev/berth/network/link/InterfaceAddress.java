package dev.berth.network.link;

import dev.berth.network.firewall.Addresses;
import dev.berth.network.ipam.Cidr;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * An address of an interface.
 *
 * @param address the address
 * @param prefixLength how much of it is on the link
 */
public record InterfaceAddress(InetAddress address, int prefixLength) {
  /** Reads {@code 10.0.0.1/24}; the text is known to be right. */
  public static InterfaceAddress of(String text) {
    Cidr.Written written = Cidr.parse(text).orElseThrow(() -> new IllegalArgumentException(text));
    return new InterfaceAddress(written.address(), written.block().prefixLength());
  }

  /** Whether it is an IPv6 address. */
  public boolean ipv6() {
    return address instanceof Inet6Address;
  }

  @Override
  public String toString() {
    return Addresses.text(address) + "/" + prefixLength;
  }
}
