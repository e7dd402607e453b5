package dev.berth.network;

import dev.berth.network.firewall.FirewallBackend;
import dev.berth.network.firewall.FirewallLink;
import dev.berth.network.firewall.FirewallNetwork;
import dev.berth.network.firewall.FirewallState;
import dev.berth.network.firewall.PublishedPort;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts the packet filter in order when the engine starts. */
final class RuleRestore {
  private final SandboxParts parts;
  private final HostForwarding forwarding;

  RuleRestore(SandboxParts parts, HostForwarding forwarding) {
    this.parts = parts;
    this.forwarding = forwarding;
  }

  /**
   * Writes all rules in one transaction, as whatever was there before stays in force until then,
   * and only then lets the host forward.
   */
  void run(Collection<Sandbox> open) {
    FirewallBackend firewall = parts.services().firewall();
    List<NetworkRecord> records =
        parts.registry().all().stream().map(NetworkEntry::network).toList();
    Map<String, FirewallNetwork> networks = new LinkedHashMap<>();
    for (NetworkEntry entry : parts.registry().all()) {
      FirewallNetwork rules = entry.plan().firewall();
      if (rules != null) {
        networks.put(rules.id(), rules);
      }
    }
    Set<PublishedPort> published = new LinkedHashSet<>();
    Set<FirewallLink> linked = new LinkedHashSet<>();
    for (Sandbox sandbox : open) {
      Sandbox.State state = sandbox.state();
      published.addAll(parts.services().ports().restore(sandbox.containerId(), state.ports()));
      linked.addAll(parts.links().of(state.spec(), state.endpoints()));
    }
    firewall.apply(
        new FirewallState(
            firewall.state().settings(),
            networks,
            published,
            linked,
            forwarding.closedFor(records)));
    firewall.replaceOthers();
    forwarding.enable(records);
  }
}
