package dev.berth.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One port of {@code --publish}.
 *
 * @param hostIp the address on the host, or empty for all
 * @param hostPort the port or range on the host, or empty for any
 * @param container port and protocol in the container, such as {@code 80/tcp}
 */
record PortSpec(String hostIp, String hostPort, String container) {
  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");

  private record Range(int first, int last) {
    int size() {
      return last - first + 1;
    }

    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + "-" + last;
    }
  }

  /**
   * Reads {@code [[ip:][host]:]container[/protocol]}, where host and container may be ranges.
   *
   * @throws CliException naming the text
   */
  static List<PortSpec> parse(String text) {
    String rest = text;
    String protocol = "tcp";
    int slash = text.indexOf('/');
    if (slash >= 0) {
      protocol = protocol(text, text.substring(slash + 1));
      rest = text.substring(0, slash);
    }
    int containerColon = rest.lastIndexOf(':');
    Range container = range(text, rest.substring(containerColon + 1));
    String front = containerColon < 0 ? "" : rest.substring(0, containerColon);
    int hostColon = front.lastIndexOf(':');
    String hostText = front.substring(hostColon + 1);
    String ip = hostColon < 0 ? "" : front.substring(0, hostColon);
    String bare = ip.startsWith("[") && ip.endsWith("]") ? ip.substring(1, ip.length() - 1) : ip;
    return spread(text, bare, hostText, container, protocol);
  }

  private static List<PortSpec> spread(
      String text, String ip, String hostText, Range container, String protocol) {
    List<PortSpec> ports = new ArrayList<>();
    Range host = hostText.isEmpty() ? null : range(text, hostText);
    if (host != null && host.size() != container.size() && container.size() != 1) {
      throw new CliException(125, "invalid ranges specified for container and host Ports: " + text);
    }
    for (int i = 0; i < container.size(); i++) {
      String hostPort =
          host == null
              ? ""
              : container.size() == 1 ? host.toString() : Integer.toString(host.first() + i);
      ports.add(new PortSpec(ip, hostPort, container.first() + i + "/" + protocol));
    }
    return ports;
  }

  /** Reads {@code 80}, {@code 80/udp} or {@code 80-90} into {@code port/protocol} words. */
  static List<String> parseExposed(String text) {
    int slash = text.indexOf('/');
    String protocol = slash < 0 ? "tcp" : protocol(text, text.substring(slash + 1));
    Range range = range(text, slash < 0 ? text : text.substring(0, slash));
    List<String> ports = new ArrayList<>();
    for (int port = range.first(); port <= range.last(); port++) {
      ports.add(port + "/" + protocol);
    }
    return ports;
  }

  private static String protocol(String text, String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    if (!PROTOCOLS.contains(lower)) {
      throw new CliException(125, "invalid proto: " + word + " in " + text);
    }
    return lower;
  }

  private static Range range(String text, String digits) {
    String[] ends = digits.split("-", 2);
    int first = port(text, ends[0]);
    int last = ends.length == 1 ? first : port(text, ends[1]);
    if (last < first) {
      throw new CliException(125, "invalid port range in " + text);
    }
    return new Range(first, last);
  }

  private static int port(String text, String digits) {
    if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65535) {
      throw new CliException(125, "invalid containerPort: " + text);
    }
    return Integer.parseInt(digits);
  }
}
