package dev.berth.network.ipam;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads addresses as strictly as Docker does: no host names, zones, short or octal forms. */
public final class IpText {
  private static final Pattern DOTTED =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");

  private IpText() {}

  /** The address, or nothing where the text is none. */
  public static Optional<InetAddress> parse(String text) {
    boolean colon = text.indexOf(':') >= 0;
    if (!colon && !DOTTED.matcher(text).matches()) {
      return Optional.empty();
    }
    if (colon && (text.indexOf('%') >= 0 || text.startsWith("["))) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  /** Whether the text is an IPv4 address. */
  public static boolean isIpv4(String text) {
    return parse(text).filter(Inet4Address.class::isInstance).isPresent();
  }

  /** Whether the text is an IPv6 address. */
  public static boolean isIpv6(String text) {
    return text.indexOf(':') >= 0 && parse(text).isPresent();
  }
}
