package dev.berth.network;

import dev.berth.network.firewall.FirewallNetwork;
import dev.berth.network.link.HostLink;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a network looks like on the host.
 *
 * @param network the network
 * @param links the links it needs, each after those it stands on
 * @param firewall what the packet filter has to know, or null where it has nothing to do
 */
public record NetworkPlan(
    NetworkRecord network, List<HostLink> links, @Nullable FirewallNetwork firewall) {
  /** Copies the list. */
  public NetworkPlan {
    links = List.copyOf(links);
  }

  /** A network for which nothing is made on the host by the engine itself. */
  public static NetworkPlan outsideTheKernel(NetworkRecord network) {
    return new NetworkPlan(network, List.of(), null);
  }
}
