package dev.berth.network.firewall;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a list of changes really takes away from a state and adds to it. Changes that cancel out or
 * are already so leave no trace; a network that changes is removed and added with all that hangs on
 * it.
 *
 * @param before the state before
 * @param after the state after
 * @param removedNetworks networks as they were
 * @param addedNetworks networks as they become
 * @param removedPorts ports whose rules go
 * @param addedPorts ports whose rules come
 * @param removedLinks links whose rules go
 * @param addedLinks links whose rules come
 */
record FirewallDelta(
    FirewallState before,
    FirewallState after,
    List<FirewallNetwork> removedNetworks,
    List<FirewallNetwork> addedNetworks,
    List<PublishedPort> removedPorts,
    List<PublishedPort> addedPorts,
    List<FirewallLink> removedLinks,
    List<FirewallLink> addedLinks) {

  /** The difference which these changes make. */
  static FirewallDelta of(FirewallState before, List<? extends FirewallChange> changes) {
    FirewallState after = before.after(changes);
    Touched touched = Touched.by(changes);
    List<FirewallNetwork> removedNetworks = new ArrayList<>();
    List<FirewallNetwork> addedNetworks = new ArrayList<>();
    for (String id : touched.networks) {
      FirewallNetwork old = before.networks().get(id);
      FirewallNetwork now = after.networks().get(id);
      before.ports().stream()
          .filter(port -> port.networkId().equals(id))
          .forEach(touched.ports::add);
      before.links().stream()
          .filter(link -> link.networkId().equals(id))
          .forEach(touched.links::add);
      if (old != null && old.equals(now)) {
        continue;
      }
      if (old != null) {
        removedNetworks.add(old);
        touched.rebuilt.add(id);
      }
      if (now != null) {
        addedNetworks.add(now);
      }
    }
    return new FirewallDelta(
        before,
        after,
        removedNetworks,
        addedNetworks,
        touched.ports.stream()
            .filter(port -> touched.goes(port.networkId(), port, before.ports(), after.ports()))
            .toList(),
        touched.ports.stream()
            .filter(port -> touched.comes(port.networkId(), port, before.ports(), after.ports()))
            .toList(),
        touched.links.stream()
            .filter(link -> touched.goes(link.networkId(), link, before.links(), after.links()))
            .toList(),
        touched.links.stream()
            .filter(link -> touched.comes(link.networkId(), link, before.links(), after.links()))
            .toList());
  }

  /** The state before without what goes, to which what comes is added. */
  FirewallState left() {
    Map<String, FirewallNetwork> networks = new LinkedHashMap<>(before.networks());
    removedNetworks.forEach(network -> networks.remove(network.id()));
    Set<PublishedPort> ports = new LinkedHashSet<>(before.ports());
    removedPorts.forEach(ports::remove);
    Set<FirewallLink> links = new LinkedHashSet<>(before.links());
    removedLinks.forEach(links::remove);
    return new FirewallState(before.settings(), networks, ports, links, before.closed());
  }

  /** The families whose forwarding closes. */
  Set<IpFamily> closing() {
    Set<IpFamily> closing = new LinkedHashSet<>(after.closed());
    closing.removeAll(before.closed());
    return closing;
  }

  /** Whether there is nothing to do. */
  boolean empty() {
    return closing().isEmpty()
        && removedNetworks.isEmpty()
        && addedNetworks.isEmpty()
        && removedPorts.isEmpty()
        && addedPorts.isEmpty()
        && removedLinks.isEmpty()
        && addedLinks.isEmpty();
  }

  /** Whether it only takes away. */
  boolean onlyRemoves() {
    return closing().isEmpty()
        && addedNetworks.isEmpty()
        && addedPorts.isEmpty()
        && addedLinks.isEmpty();
  }

  /** What the changes speak of, whether or not it makes a difference. */
  private static final class Touched {
    private final Set<String> networks = new LinkedHashSet<>();
    private final Set<String> rebuilt = new LinkedHashSet<>();
    private final Set<PublishedPort> ports = new LinkedHashSet<>();
    private final Set<FirewallLink> links = new LinkedHashSet<>();

    static Touched by(List<? extends FirewallChange> changes) {
      Touched touched = new Touched();
      for (FirewallChange change : changes) {
        switch (change) {
          case FirewallChange.AddNetwork add -> touched.networks.add(add.network().id());
          case FirewallChange.RemoveNetwork remove -> touched.networks.add(remove.networkId());
          case FirewallChange.Publish publish -> touched.ports.addAll(publish.ports());
          case FirewallChange.Unpublish unpublish -> touched.ports.addAll(unpublish.ports());
          case FirewallChange.Link link -> touched.links.addAll(link.links());
          case FirewallChange.Unlink unlink -> touched.links.addAll(unlink.links());
          case FirewallChange.CloseForwarding close -> {}
        }
      }
      return touched;
    }

    <T> boolean goes(String network, T element, Set<T> before, Set<T> after) {
      return before.contains(element) && (!after.contains(element) || rebuilt.contains(network));
    }

    <T> boolean comes(String network, T element, Set<T> before, Set<T> after) {
      return after.contains(element) && (!before.contains(element) || rebuilt.contains(network));
    }
  }
}
