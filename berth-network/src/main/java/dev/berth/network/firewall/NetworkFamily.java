package dev.berth.network.firewall;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the packet filter knows of one address family of a network.
 *
 * @param subnet the containers' addresses
 * @param mode how the family meets the world
 * @param masquerade whether packets that leave get an address of the host
 * @param sourceAddress the host address they get; null for that of the outgoing interface
 */
public record NetworkFamily(
    Prefix subnet, GatewayMode mode, boolean masquerade, @Nullable InetAddress sourceAddress) {

  /** Keeps the subnet masked, so that equal families are equal records. */
  public NetworkFamily {
    subnet = subnet.masked();
  }

  /** The usual family: translated and masqueraded. */
  public static NetworkFamily nat(String subnet) {
    return new NetworkFamily(Prefix.parse(subnet), GatewayMode.NAT, true, null);
  }
}
