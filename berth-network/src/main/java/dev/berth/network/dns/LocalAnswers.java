package dev.berth.network.dns;

import dev.berth.network.dns.NameTable.Found;
import dev.berth.network.dns.NameTable.Named;
import dev.berth.network.firewall.Addresses;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Answers what concerns the containers themselves. A name that is known is never asked of others:
 * for a type of record that it does not have, the answer is empty.
 */
final class LocalAnswers {
  private static final String IPV4_REVERSE = ".in-addr.arpa";
  private static final String IPV6_REVERSE = ".ip6.arpa";
  private static final int IPV6_NIBBLES = 32;

  private final NameTable names;
  private final int usualTtlSeconds;
  private final AtomicInteger turns = new AtomicInteger();

  LocalAnswers(NameTable names, int usualTtlSeconds) {
    this.names = names;
    this.usualTtlSeconds = usualTtlSeconds;
  }

  /** The answer; null when the question does not concern a container that the sandbox sees. */
  byte @Nullable [] answer(Query query, List<DnsAttachment> attachments) {
    if (query.recordClass() != Wire.CLASS_IN || query.name().isEmpty()) {
      return null;
    }
    if (query.type() == Wire.TYPE_PTR) {
      InetAddress address = reverseAddress(query.name());
      Named name = address == null ? null : names.name(attachments, address);
      return name == null
          ? null
          : Answer.pointer(query, name.text(), ttlSeconds(name.attachment()));
    }
    Found found = names.addresses(attachments, query.name());
    if (found == null) {
      return null;
    }
    List<InetAddress> matching = ofType(found.addresses(), query.type());
    return matching.isEmpty()
        ? Answer.empty(query, Wire.NOERROR)
        : Answer.addresses(query, rotated(matching), ttlSeconds(found.attachment()));
  }

  private int ttlSeconds(DnsAttachment attachment) {
    return attachment.ttlSeconds() == DnsAttachment.USUAL_TTL
        ? usualTtlSeconds
        : attachment.ttlSeconds();
  }

  private static List<InetAddress> ofType(List<InetAddress> addresses, int type) {
    return switch (type) {
      case Wire.TYPE_A -> addresses.stream().filter(a -> !(a instanceof Inet6Address)).toList();
      case Wire.TYPE_AAAA -> addresses.stream().filter(Inet6Address.class::isInstance).toList();
      case Wire.TYPE_ANY -> addresses;
      default -> List.of();
    };
  }

  /** Another one first each time, so that clients which take the first share the load. */
  private List<InetAddress> rotated(List<InetAddress> addresses) {
    if (addresses.size() == 1) {
      return addresses;
    }
    int first = Math.floorMod(turns.getAndIncrement(), addresses.size());
    List<InetAddress> turned = new ArrayList<>(addresses.subList(first, addresses.size()));
    turned.addAll(addresses.subList(0, first));
    return turned;
  }

  /** The address in {@code 2.0.17.172.in-addr.arpa}; null for anything else. */
  static @Nullable InetAddress reverseAddress(String name) {
    if (name.endsWith(IPV4_REVERSE)) {
      String[] parts = name.substring(0, name.length() - IPV4_REVERSE.length()).split("\\.", -1);
      byte[] bytes = new byte[4];
      if (parts.length != bytes.length) {
        return null;
      }
      for (int i = 0; i < bytes.length; i++) {
        int value = decimal(parts[i]);
        if (value < 0) {
          return null;
        }
        bytes[bytes.length - 1 - i] = (byte) value;
      }
      return Addresses.of(bytes);
    }
    if (name.endsWith(IPV6_REVERSE)) {
      String nibbles = name.substring(0, name.length() - IPV6_REVERSE.length()).replace(".", "");
      boolean whole =
          nibbles.length() == IPV6_NIBBLES && nibbles.chars().allMatch(HexFormat::isHexDigit);
      return whole
          ? Addresses.of(HexFormat.of().parseHex(new StringBuilder(nibbles).reverse()))
          : null;
    }
    return null;
  }

  private static int decimal(String digits) {
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 3
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    int value = number ? Integer.parseInt(digits) : -1;
    return value <= 255 ? value : -1;
  }
}
