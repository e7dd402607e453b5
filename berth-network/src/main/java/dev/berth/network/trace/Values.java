package dev.berth.network.trace;

import dev.berth.network.firewall.Addresses;
import dev.berth.network.firewall.Prefix;
import dev.berth.network.ipam.IpText;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What both tools write where a packet's properties are compared. */
final class Values {
  /** Connections are made from some high port; rules that name another one do not apply. */
  static final int SOURCE_PORT = 40_000;

  private Values() {}

  /** Whether an interface has this name; {@code eth+} and {@code eth*} name all that begin so. */
  static boolean named(String pattern, String name) {
    boolean open = pattern.endsWith("+") || pattern.endsWith("*");
    return open
        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
        : name.equals(pattern);
  }

  /** Whether an address is in {@code a}, {@code a/n} or {@code a-b}. */
  static boolean within(String block, InetAddress address) {
    int dash = block.indexOf('-');
    if (dash > 0) {
      InetAddress first = IpText.parse(block.substring(0, dash)).orElse(null);
      InetAddress last = IpText.parse(block.substring(dash + 1)).orElse(null);
      return first != null
          && last != null
          && compare(first, address) <= 0
          && compare(address, last) <= 0;
    }
    return block.indexOf('/') > 0
        ? Prefix.parse(block).contains(address)
        : IpText.parse(block).filter(address::equals).isPresent();
  }

  private static int compare(InetAddress one, InetAddress other) {
    byte[] left = one.getAddress();
    byte[] right = other.getAddress();
    return left.length == right.length
        ? Arrays.compareUnsigned(left, right)
        : Integer.compare(left.length, right.length);
  }

  /** Whether a number is {@code n} or in {@code n-m}. */
  static boolean within(String range, int number) {
    int dash = range.indexOf('-');
    try {
      int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
      return number >= first && number <= last;
    } catch (NumberFormatException word) {
      return false;
    }
  }

  /**
   * Reads {@code address}, {@code address:port} and {@code address:first-last/base}, where the port
   * follows the packet's as far behind the first as the packet's is behind the base.
   */
  static Packet.@Nullable Target target(String text, Packet packet) {
    int bracket = text.indexOf(']');
    int colon =
        bracket < 0 && text.indexOf(':') != text.lastIndexOf(':')
            ? -1
            : text.indexOf(':', Math.max(bracket, 0));
    String host = (colon < 0 ? text : text.substring(0, colon)).replace("[", "").replace("]", "");
    InetAddress address = IpText.parse(host).orElse(null);
    if (address == null) {
      return null;
    }
    return new Packet.Target(
        Addresses.of(address.getAddress()),
        colon < 0 ? packet.port() : port(text.substring(colon + 1), packet.port()));
  }

  private static int port(String text, int asked) {
    int slash = text.indexOf('/');
    String range = slash < 0 ? text : text.substring(0, slash);
    int dash = range.indexOf('-');
    int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
    return slash < 0 ? first : first + asked - Integer.parseInt(text.substring(slash + 1));
  }
}
