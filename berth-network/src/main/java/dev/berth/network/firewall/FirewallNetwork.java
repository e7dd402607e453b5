package dev.berth.network.firewall;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bridge network as the packet filter sees it.
 *
 * @param id the network's id
 * @param bridge the bridge interface's name
 * @param internal whether nothing passes between the network and anything but itself and the host
 * @param icc whether containers of the network may reach each other
 * @param ipv4 the IPv4 side; null when the network has none
 * @param ipv6 the IPv6 side; null when the network has none
 * @param trustedInterfaces host interfaces whose packets may reach container addresses directly
 */
public record FirewallNetwork(
    String id,
    String bridge,
    boolean internal,
    boolean icc,
    @Nullable NetworkFamily ipv4,
    @Nullable NetworkFamily ipv6,
    List<String> trustedInterfaces) {

  /** Checks that names and families fit. */
  public FirewallNetwork {
    trustedInterfaces = List.copyOf(trustedInterfaces);
    InterfaceNames.check(bridge);
    trustedInterfaces.forEach(InterfaceNames::check);
    if ((ipv4 != null && ipv4.subnet().ipv6()) || (ipv6 != null && !ipv6.subnet().ipv6())) {
      throw new IllegalArgumentException("address families of network " + id + " are swapped");
    }
  }

  /** The side of one family; null when the network has none. */
  public @Nullable NetworkFamily family(IpFamily family) {
    return family == IpFamily.IPV4 ? ipv4 : ipv6;
  }
}
