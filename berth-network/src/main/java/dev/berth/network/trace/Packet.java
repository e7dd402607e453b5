package dev.berth.network.trace;

import dev.berth.network.firewall.Protocol;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * The first packet of a connection, as a rule sees it.
 *
 * @param in the interface it came in by; empty where it was made on the host
 * @param out the interface it will leave by; empty where that is not decided or it stays
 * @param source its source address
 * @param destination its destination address
 * @param protocol the transport protocol
 * @param port the destination port
 * @param local whether the destination is an address of the host itself
 * @param translated whether its destination was translated on the way
 * @param asked the destination that its sender chose
 */
public record Packet(
    String in,
    String out,
    InetAddress source,
    InetAddress destination,
    Protocol protocol,
    int port,
    boolean local,
    boolean translated,
    Target asked) {

  /** As its sender made it. */
  public static Packet made(
      InetAddress source, Target destination, Protocol protocol, boolean local) {
    return new Packet(
        "",
        "",
        source,
        destination.address(),
        protocol,
        destination.port(),
        local,
        false,
        destination);
  }

  /** The same coming in by an interface. */
  public Packet comingBy(String interfaceName) {
    return new Packet(
        interfaceName, "", source, destination, protocol, port, local, translated, asked);
  }

  /** The same about to leave by an interface. */
  public Packet leavingBy(String interfaceName) {
    return new Packet(
        in, interfaceName, source, destination, protocol, port, local, translated, asked);
  }

  /** The same with its destination translated. */
  public Packet translatedTo(Target target, boolean nowLocal) {
    return new Packet(
        in, out, source, target.address(), protocol, target.port(), nowLocal, true, asked);
  }

  /** Whether it is an IPv6 packet. */
  public boolean ipv6() {
    return destination instanceof Inet6Address;
  }

  /**
   * A new destination.
   *
   * @param address the address
   * @param port the port
   */
  public record Target(InetAddress address, int port) {}
}
