package dev.berth.network.firewall;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * An address block in CIDR notation.
 *
 * @param address an address inside of the block; bits beyond the length are kept as given
 * @param length how many leading bits name the block
 */
public record Prefix(InetAddress address, int length) {

  /** Checks the length against the family of the address. */
  public Prefix {
    if (length < 0 || length > address.getAddress().length * 8) {
      throw new IllegalArgumentException("prefix length " + length + " of " + address);
    }
  }

  /**
   * Reads {@code 172.17.0.0/16} or {@code fd00::/64}; never asks a name server.
   *
   * @throws IllegalArgumentException when the text is no address block
   */
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("no prefix length in " + text);
    }
    return new Prefix(
        InetAddress.ofLiteral(text.substring(0, slash)),
        Integer.parseInt(text.substring(slash + 1)));
  }

  /** Whether this is a block of IPv6 addresses. */
  public boolean ipv6() {
    return address instanceof Inet6Address;
  }

  /** Whether the address lies in this block. */
  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < length; bit++) {
      int mask = 0x80 >> (bit % 8);
      if (((mine[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The block with the bits beyond its length cleared, as the kernel prints it. */
  public Prefix masked() {
    byte[] bytes = address.getAddress();
    for (int bit = length; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
    }
    return new Prefix(Addresses.of(bytes), length);
  }

  @Override
  public String toString() {
    return Addresses.text(address) + "/" + length;
  }
}
