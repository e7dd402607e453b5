package dev.berth.network.firewall;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything the packet filter should do, as data: the rules are a pure function of it.
 *
 * @param settings the engine's flags
 * @param networks the bridge networks by id, in the order of their creation
 * @param ports all published ports
 * @param links all legacy links
 * @param closed families for which the engine has made the host a router: there nothing is
 *     forwarded that has nothing to do with a container, unless other rules accept it
 */
public record FirewallState(
    FirewallSettings settings,
    Map<String, FirewallNetwork> networks,
    Set<PublishedPort> ports,
    Set<FirewallLink> links,
    Set<IpFamily> closed) {

  /** Copies the collections and keeps their order. */
  public FirewallState {
    networks = Collections.unmodifiableMap(new LinkedHashMap<>(networks));
    ports = Collections.unmodifiableSet(new LinkedHashSet<>(ports));
    links = Collections.unmodifiableSet(new LinkedHashSet<>(links));
    closed = Set.copyOf(closed);
  }

  /** No network, no port. */
  public static FirewallState empty(FirewallSettings settings) {
    return new FirewallState(settings, Map.of(), Set.of(), Set.of(), Set.of());
  }

  /** A state with these networks and ports and no links. */
  public static FirewallState of(
      FirewallSettings settings,
      Collection<FirewallNetwork> networks,
      Collection<PublishedPort> ports) {
    Map<String, FirewallNetwork> byId = new LinkedHashMap<>();
    networks.forEach(network -> byId.put(network.id(), network));
    return new FirewallState(settings, byId, new LinkedHashSet<>(ports), Set.of(), Set.of());
  }

  /** The state after these changes. */
  public FirewallState after(List<? extends FirewallChange> changes) {
    Map<String, FirewallNetwork> newNetworks = new LinkedHashMap<>(networks);
    Set<PublishedPort> newPorts = new LinkedHashSet<>(ports);
    Set<FirewallLink> newLinks = new LinkedHashSet<>(links);
    Set<IpFamily> newClosed = new LinkedHashSet<>(closed);
    for (FirewallChange change : changes) {
      switch (change) {
        case FirewallChange.AddNetwork add -> newNetworks.put(add.network().id(), add.network());
        case FirewallChange.RemoveNetwork remove -> {
          newNetworks.remove(remove.networkId());
          newPorts.removeIf(port -> port.networkId().equals(remove.networkId()));
          newLinks.removeIf(link -> link.networkId().equals(remove.networkId()));
        }
        case FirewallChange.Publish publish -> newPorts.addAll(publish.ports());
        case FirewallChange.Unpublish unpublish -> unpublish.ports().forEach(newPorts::remove);
        case FirewallChange.Link link -> newLinks.addAll(link.links());
        case FirewallChange.Unlink unlink -> unlink.links().forEach(newLinks::remove);
        case FirewallChange.CloseForwarding close -> newClosed.add(close.family());
      }
    }
    return new FirewallState(settings, newNetworks, newPorts, newLinks, newClosed);
  }
}
