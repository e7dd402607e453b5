package dev.berth.engine;

import dev.berth.core.EngineException;
import java.net.InetAddress;
import java.util.Locale;

/** Reads ports as Docker's JSON writes them. */
final class PortRules {
  private static final int LARGEST = 65_535;

  private PortRules() {}

  /**
   * A port in the container.
   *
   * @param number 1 to 65535
   * @param protocol tcp, udp or sctp
   */
  record ContainerPort(int number, String protocol) implements Comparable<ContainerPort> {
    @Override
    public int compareTo(ContainerPort other) {
      return number != other.number
          ? Integer.compare(number, other.number)
          : protocol.compareTo(other.protocol);
    }

    @Override
    public String toString() {
      return number + "/" + protocol;
    }
  }

  /**
   * A range of host ports; both zero for an ephemeral one.
   *
   * @param first the lowest
   * @param last the highest
   */
  record HostPorts(int first, int last) {}

  static ContainerPort containerPort(String text) {
    int slash = text.indexOf('/');
    String protocol =
        slash < 0 || slash == text.length() - 1
            ? "tcp"
            : text.substring(slash + 1).toLowerCase(Locale.ROOT);
    if (!protocol.equals("tcp") && !protocol.equals("udp") && !protocol.equals("sctp")) {
      throw EngineException.invalid("invalid proto: " + protocol);
    }
    int number = number(slash < 0 ? text : text.substring(0, slash));
    if (number < 1) {
      throw invalid(text);
    }
    return new ContainerPort(number, protocol);
  }

  static HostPorts hostPorts(String text) {
    if (text.isEmpty()) {
      return new HostPorts(0, 0);
    }
    int dash = text.indexOf('-');
    int first = number(dash < 0 ? text : text.substring(0, dash));
    int last = dash < 0 ? first : number(text.substring(dash + 1));
    if (first < 0 || last < first) {
      throw invalid(text);
    }
    return new HostPorts(first, last);
  }

  static void hostAddress(String text) {
    if (!text.isEmpty() && !isAddress(text)) {
      throw EngineException.invalid("invalid IP address: " + text);
    }
  }

  static boolean isAddress(String text) {
    try {
      String bare =
          text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
      InetAddress.ofLiteral(bare);
      return true;
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  private static int number(String digits) {
    boolean decimal =
        !digits.isEmpty()
            && digits.length() <= 5
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    int number = decimal ? Integer.parseInt(digits) : -1;
    return number <= LARGEST ? number : -1;
  }

  private static EngineException invalid(String text) {
    return EngineException.invalid("invalid port specification: \"" + text + "\"");
  }
}
