package dev.berth.network.firewall;

import java.util.Collection;

/**
 * The kernel variables without which some rules have no effect. They are set only once the rules
 * that guard against what they open are in place.
 */
final class HostVariables {
  private final HostNamespace host;

  HostVariables(HostNamespace host) {
    this.host = host;
  }

  /** Sets what these networks need. Bridges that do not exist are passed over. */
  void follow(Collection<FirewallNetwork> networks) {
    for (FirewallNetwork network : networks) {
      NetworkFamily ipv4 = network.ipv4();
      if (ipv4 != null && !network.internal() && ipv4.mode().translates()) {
        // Lets a port that is published on the loopback address be translated to the bridge.
        host.setVariable("ipv4/conf/" + network.bridge() + "/route_localnet", "1");
      }
      if (!network.icc()) {
        // Without it packets between two ports of a bridge pass the filter by.
        host.setVariable("bridge/bridge-nf-call-iptables", "1");
        host.setVariable("bridge/bridge-nf-call-ip6tables", "1");
      }
    }
  }
}
