package dev.berth.network.ipam;

import dev.berth.network.firewall.Addresses;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A block of addresses. Two blocks are equal when they hold the same addresses.
 *
 * @param network the first address
 * @param prefixLength how many leading bits name the block
 */
public record Cidr(InetAddress network, int prefixLength) {

  /** Clears the bits beyond the prefix. */
  public Cidr {
    if (prefixLength < 0 || prefixLength > network.getAddress().length * Byte.SIZE) {
      throw new IllegalArgumentException("prefix length " + prefixLength + " of " + network);
    }
    network = block(network, prefixLength).getLower().toInetAddress();
  }

  /** A block as it was written, which may name an address inside of it. */
  public record Written(InetAddress address, Cidr block) {
    /** Whether the address is the block's first. */
    public boolean masked() {
      return address.equals(block.network());
    }

    @Override
    public String toString() {
      return Addresses.text(address) + "/" + block.prefixLength();
    }
  }

  /** Reads {@code 10.0.0.0/8}; nothing where the text is no block. */
  public static Optional<Written> parse(String text) {
    int slash = text.indexOf('/');
    String length = slash < 0 ? "" : text.substring(slash + 1);
    if (!length.matches("0|[1-9][0-9]{0,2}")) {
      return Optional.empty();
    }
    int bits = Integer.parseInt(length);
    return IpText.parse(text.substring(0, slash))
        .filter(address -> bits <= address.getAddress().length * Byte.SIZE)
        .map(address -> new Written(address, new Cidr(address, bits)));
  }

  /**
   * Reads a block that is known to be right.
   *
   * @throws IllegalArgumentException where it is not
   */
  public static Cidr of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException(text)).block();
  }

  /** Whether it holds IPv6 addresses. */
  public boolean ipv6() {
    return bits() == 128;
  }

  /** Whether the address is inside. */
  public boolean contains(InetAddress address) {
    return address.getAddress().length * Byte.SIZE == bits()
        && block(network, prefixLength).contains(single(address));
  }

  /** Whether all of the other's addresses are inside. */
  public boolean contains(Cidr other) {
    return other.prefixLength >= prefixLength && contains(other.network);
  }

  /** Whether they have an address in common. */
  public boolean overlaps(Cidr other) {
    return contains(other) || other.contains(this);
  }

  /** How many bits tell its addresses apart. */
  public int hostBits() {
    return bits() - prefixLength;
  }

  /** How many addresses it has. */
  public BigInteger size() {
    return BigInteger.ONE.shiftLeft(hostBits());
  }

  /** The last address. */
  public InetAddress last() {
    return block(network, prefixLength).getUpper().toInetAddress();
  }

  /** The address this far from the first. */
  public InetAddress addressAt(long offset) {
    return single(network).increment(offset).toInetAddress();
  }

  /** How far the address is from the first, capped at the largest long. */
  public long offsetOf(InetAddress address) {
    BigInteger distance = single(address).getValue().subtract(single(network).getValue());
    return distance.bitLength() < Long.SIZE ? distance.longValue() : Long.MAX_VALUE;
  }

  /** The block of the given size that begins right after this one ends, if there is one. */
  public Optional<Cidr> next(int length) {
    BigInteger after = single(last()).getValue().add(BigInteger.ONE);
    BigInteger step = BigInteger.ONE.shiftLeft(bits() - length);
    BigInteger start = after.add(step).subtract(BigInteger.ONE).divide(step).multiply(step);
    if (start.bitLength() > bits()) {
      return Optional.empty();
    }
    return Optional.of(new Cidr(fromValue(start), length));
  }

  private InetAddress fromValue(BigInteger value) {
    byte[] raw = value.toByteArray();
    byte[] bytes = new byte[bits() / Byte.SIZE];
    int count = Math.min(raw.length, bytes.length);
    System.arraycopy(raw, raw.length - count, bytes, bytes.length - count, count);
    return Addresses.of(bytes);
  }

  private int bits() {
    return network.getAddress().length * Byte.SIZE;
  }

  private static IPAddress block(InetAddress address, int length) {
    return new IPAddressGenerator().from(address.getAddress(), length).toPrefixBlock();
  }

  private static IPAddress single(InetAddress address) {
    return new IPAddressGenerator().from(address.getAddress());
  }

  @Override
  public String toString() {
    return Addresses.text(network) + "/" + prefixLength;
  }
}
