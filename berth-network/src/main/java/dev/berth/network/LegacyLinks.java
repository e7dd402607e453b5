package dev.berth.network;

import dev.berth.network.firewall.FirewallBackend;
import dev.berth.network.firewall.FirewallChange;
import dev.berth.network.firewall.FirewallLink;
import dev.berth.network.firewall.FirewallNetwork;
import dev.berth.network.firewall.IpFamily;
import dev.berth.network.firewall.Protocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets linked containers reach each other's exposed ports on a default bridge whose containers may
 * not reach each other otherwise.
 */
final class LegacyLinks {
  private final FirewallBackend firewall;
  private final Function<String, @Nullable Sandbox> sandboxes;

  /**
   * @param sandboxes an open sandbox by the container's id
   */
  LegacyLinks(FirewallBackend firewall, Function<String, @Nullable Sandbox> sandboxes) {
    this.firewall = firewall;
    this.sandboxes = sandboxes;
  }

  /** What the links of a container need. */
  List<FirewallLink> of(SandboxSpec spec, List<Endpoint> endpoints) {
    List<FirewallLink> links = new ArrayList<>();
    for (Endpoint source : onSilentBridge(endpoints)) {
      for (SandboxSpec.LegacyLink link : spec.hosts().links()) {
        Sandbox target = sandboxes.apply(link.containerId());
        if (target != null) {
          addPorts(source, target.state(), links);
        }
      }
    }
    return links;
  }

  private static List<Endpoint> onSilentBridge(List<Endpoint> endpoints) {
    return endpoints.stream()
        .filter(endpoint -> endpoint.network().isDefaultBridge())
        .filter(endpoint -> {
          FirewallNetwork rules = endpoint.network().plan().firewall();
          return rules != null && !rules.icc();
        })
        .toList();
  }

  private static void addPorts(Endpoint source, Sandbox.State target, List<FirewallLink> links) {
    for (Endpoint other : onSilentBridge(target.endpoints())) {
      for (SandboxSpec.Port port : target.spec().ports().exposed()) {
        for (InetAddress from : source.addresses()) {
          for (InetAddress to : other.addresses()) {
            if (IpFamily.of(from) == IpFamily.of(to)) {
              Protocol protocol = Protocol.valueOf(port.protocol().toUpperCase(Locale.ROOT));
              String network = source.status().networkId();
              links.add(new FirewallLink(network, from, to, protocol, port.number()));
            }
          }
        }
      }
    }
  }

  /** Opens the links of a container. */
  void open(SandboxSpec spec, List<Endpoint> endpoints) {
    List<FirewallLink> links = of(spec, endpoints);
    if (!links.isEmpty()) {
      firewall.change(new FirewallChange.Link(links));
    }
  }

  /** Closes all links from and to a container. */
  void close(List<Endpoint> endpoints) {
    List<InetAddress> addresses =
        onSilentBridge(endpoints).stream()
            .flatMap(endpoint -> endpoint.addresses().stream())
            .toList();
    List<FirewallLink> links =
        addresses.isEmpty()
            ? List.of()
            : firewall.state().links().stream()
                .filter(
                    link -> addresses.contains(link.source()) || addresses.contains(link.target()))
                .toList();
    if (!links.isEmpty()) {
      firewall.change(new FirewallChange.Unlink(links));
    }
  }
}
