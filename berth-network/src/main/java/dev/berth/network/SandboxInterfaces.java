package dev.berth.network;

import dev.berth.network.link.InterfacePlan;
import dev.berth.network.link.LinkSource;
import dev.berth.network.link.RoutePlan;
import dev.berth.network.link.SandboxNamespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts the interfaces of endpoints into a namespace and takes them out again. */
final class SandboxInterfaces {
  private SandboxInterfaces() {}

  /**
   * Makes the interfaces that drivers have not put there themselves, with their routes.
   *
   * @param defaultRoutes the ways out of the whole namespace
   * @param first whether it has none yet
   * @return the endpoints with the MAC addresses their interfaces came with
   */
  static List<Endpoint> insert(
      SandboxNamespace namespace,
      List<Endpoint> endpoints,
      List<RoutePlan> defaultRoutes,
      boolean first) {
    boolean routed = endpoints.stream().anyMatch(endpoint -> endpoint.join().inside() != null);
    List<InterfacePlan> plans = new ArrayList<>();
    List<RoutePlan> routes = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      EndpointFactory.plan(endpoint).ifPresent(plans::add);
      String name = endpoint.status().interfaceName();
      endpoint
          .join()
          .routes()
          .forEach(route -> routes.add(new RoutePlan(route.destination(), route.nextHop(), name)));
    }
    if (first && !routed) {
      routes.addAll(defaultRoutes);
    }
    List<String> macs = namespace.add(plans, routes);
    if (routed && !defaultRoutes.isEmpty()) {
      namespace.replaceDefaultRoutes(defaultRoutes);
    }
    return withAddresses(endpoints, plans, macs);
  }

  private static List<Endpoint> withAddresses(
      List<Endpoint> endpoints, List<InterfacePlan> plans, List<String> macs) {
    Map<String, String> byName = new HashMap<>();
    for (int i = 0; i < plans.size(); i++) {
      byName.put(plans.get(i).name(), macs.get(i));
    }
    return endpoints.stream()
        .map(endpoint -> {
          String mac = byName.getOrDefault(endpoint.status().interfaceName(), "");
          return endpoint.status().macAddress().isEmpty() && !mac.isEmpty()
              ? endpoint.withMacAddress(mac)
              : endpoint;
        })
        .toList();
  }

  /** Lets neighbours forget whose the addresses of these endpoints were before. */
  static void announce(SandboxNamespace namespace, List<Endpoint> endpoints) {
    for (Endpoint endpoint : endpoints) {
      if (endpoint.join().link() instanceof LinkSource.Veth veth) {
        namespace.announce(endpoint.status().interfaceName(), veth.hostName());
      }
    }
  }

  /** Removes an interface; one that somebody else made goes back to the host under its name. */
  static void takeOut(SandboxNamespace namespace, Endpoint endpoint) {
    String name = endpoint.status().interfaceName();
    if (name.isEmpty() || endpoint.join().inside() != null) {
      return;
    }
    if (endpoint.join().link() instanceof LinkSource.Existing existing) {
      namespace.giveBack(name, existing.name());
    } else {
      namespace.remove(name);
    }
  }
}
