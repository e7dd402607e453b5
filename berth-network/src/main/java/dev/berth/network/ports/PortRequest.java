package dev.berth.network.ports;

import dev.berth.core.EngineException;
import dev.berth.network.firewall.Protocol;
import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A wish to publish one port of a container, as the API's {@code PortBindings} states it.
 *
 * @param protocol the transport protocol
 * @param containerPort the port inside of the container
 * @param hostAddress the address on the host; null for the network's default on both families
 * @param firstHostPort the first acceptable host port; 0 for an ephemeral one
 * @param lastHostPort the last acceptable host port; equal to the first unless a range was given
 */
public record PortRequest(
    Protocol protocol,
    int containerPort,
    @Nullable InetAddress hostAddress,
    int firstHostPort,
    int lastHostPort) {
  private static final int MAXIMUM = 65535;

  /** Whether any free ephemeral port will do. */
  public boolean ephemeral() {
    return firstHostPort == 0;
  }

  /**
   * Reads one entry of {@code PortBindings}.
   *
   * @param containerPort for instance {@code 80/tcp}; the protocol is tcp when left out
   * @param hostIp may be empty
   * @param hostPort a number, a range {@code 8000-8010}, empty or 0
   * @throws EngineException of kind INVALID, in Docker's words
   */
  public static PortRequest parse(String containerPort, String hostIp, String hostPort) {
    int slash = containerPort.indexOf('/');
    String number = slash < 0 ? containerPort : containerPort.substring(0, slash);
    String protocolName = slash < 0 ? "tcp" : containerPort.substring(slash + 1);
    int first = 0;
    int last = 0;
    if (!hostPort.isEmpty()) {
      int dash = hostPort.indexOf('-');
      first = port(dash < 0 ? hostPort : hostPort.substring(0, dash), hostPort);
      last = dash < 0 ? first : port(hostPort.substring(dash + 1), hostPort);
      if (last < first) {
        throw invalidPort(hostPort);
      }
    }
    return new PortRequest(
        protocol(protocolName), port(number, containerPort), address(hostIp), first, last);
  }

  private static Protocol protocol(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "tcp" -> Protocol.TCP;
      case "udp" -> Protocol.UDP;
      case "sctp" -> Protocol.SCTP;
      default -> throw EngineException.invalid("invalid proto: " + name);
    };
  }

  private static @Nullable InetAddress address(String hostIp) {
    if (hostIp.isEmpty()) {
      return null;
    }
    try {
      boolean bracketed = hostIp.startsWith("[") && hostIp.endsWith("]");
      return InetAddress.ofLiteral(bracketed ? hostIp.substring(1, hostIp.length() - 1) : hostIp);
    } catch (IllegalArgumentException e) {
      throw EngineException.invalid("invalid IP address: " + hostIp);
    }
  }

  private static int port(String digits, String whole) {
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 5
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    int port = number ? Integer.parseInt(digits) : -1;
    if (port < 0 || port > MAXIMUM) {
      throw invalidPort(whole);
    }
    return port;
  }

  private static EngineException invalidPort(String text) {
    return EngineException.invalid("invalid port specification: \"" + text + "\"");
  }
}
