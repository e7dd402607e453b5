package dev.berth.network.link;

import dev.berth.network.ipam.Cidr;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A route inside a container's namespace.
 *
 * @param destination where it leads; a block of length 0 is the default route
 * @param gateway the next hop, or null where the destination is on the link
 * @param interfaceName the interface it leaves by
 */
public record RoutePlan(Cidr destination, @Nullable InetAddress gateway, String interfaceName) {
  private static final Cidr ALL_IPV4 = Cidr.of("0.0.0.0/0");
  private static final Cidr ALL_IPV6 = Cidr.of("::/0");

  /** The default route of the gateway's family. */
  public static RoutePlan byDefault(InetAddress gateway, String interfaceName) {
    boolean ipv6 = gateway instanceof java.net.Inet6Address;
    return new RoutePlan(ipv6 ? ALL_IPV6 : ALL_IPV4, gateway, interfaceName);
  }

  /** The default route of an interface that needs no next hop. */
  public static RoutePlan onLink(boolean ipv6, String interfaceName) {
    return new RoutePlan(ipv6 ? ALL_IPV6 : ALL_IPV4, null, interfaceName);
  }
}
