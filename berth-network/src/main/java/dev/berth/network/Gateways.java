package dev.berth.network;

import dev.berth.network.firewall.GatewayMode;
import dev.berth.network.ipam.IpText;
import dev.berth.network.link.RoutePlan;
import dev.berth.network.ports.PortTarget;
import dev.berth.network.ports.PortTargets;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which of a sandbox's endpoints is its way out, for each family: the one with the highest priority
 * among those that have a gateway, then one that leads out by both families, then the first by the
 * network's name.
 *
 * @param ipv4 the endpoint, or null
 * @param ipv6 the endpoint, or null
 */
record Gateways(@Nullable Endpoint ipv4, @Nullable Endpoint ipv6) {
  private static final Comparator<Endpoint> BEST_FIRST =
      Comparator.comparingInt((Endpoint endpoint) -> -endpoint.status().spec().gatewayPriority())
          .thenComparing(endpoint -> !(leads(endpoint, false) && leads(endpoint, true)))
          .thenComparing(endpoint -> endpoint.status().networkName());

  /** Chooses. */
  static Gateways among(List<Endpoint> endpoints) {
    return new Gateways(best(endpoints, false).orElse(null), best(endpoints, true).orElse(null));
  }

  private static Optional<Endpoint> best(List<Endpoint> endpoints, boolean six) {
    return endpoints.stream().filter(endpoint -> leads(endpoint, six)).min(BEST_FIRST);
  }

  private static boolean leads(Endpoint endpoint, boolean six) {
    return endpoint.exit(six).exists();
  }

  /** The default routes. */
  List<RoutePlan> routes() {
    List<RoutePlan> routes = new ArrayList<>();
    for (boolean six : new boolean[] {false, true}) {
      Endpoint endpoint = six ? ipv6 : ipv4;
      if (endpoint != null) {
        InetAddress gateway = endpoint.exit(six).gateway();
        String name = endpoint.status().interfaceName();
        routes.add(
            gateway == null ? RoutePlan.onLink(six, name) : RoutePlan.byDefault(gateway, name));
      }
    }
    return routes;
  }

  /** Where published ports lead. */
  PortTargets targets() {
    return new PortTargets(target(ipv4, false), target(ipv6, true));
  }

  private static @Nullable PortTarget target(@Nullable Endpoint endpoint, boolean six) {
    if (endpoint == null) {
      return null;
    }
    JoinAnswer.Publishing publishing = endpoint.exit(six).publishing();
    if (publishing == null || publishing.mode() == GatewayMode.ISOLATED) {
      return null;
    }
    EndpointStatus status = endpoint.status();
    String address = six ? status.ipv6().address() : status.ipv4().address();
    return new PortTarget(
        status.networkId(),
        status.id(),
        IpText.parse(address).orElseThrow(),
        publishing.mode(),
        publishing.defaultHostAddress());
  }

  /** Whether the way out is by the same endpoints. */
  boolean sameAs(Gateways other) {
    return same(ipv4, other.ipv4) && same(ipv6, other.ipv6);
  }

  private static boolean same(@Nullable Endpoint first, @Nullable Endpoint second) {
    String firstId = first == null ? "" : first.status().id();
    String secondId = second == null ? "" : second.status().id();
    return firstId.equals(secondId);
  }
}
