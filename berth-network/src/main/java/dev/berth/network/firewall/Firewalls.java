package dev.berth.network.firewall;

import dev.berth.core.EngineException;

/** Makes the backend which {@code --firewall-backend} names. */
public final class Firewalls {
  private Firewalls() {}

  /**
   * A backend that has not touched the kernel yet; begin with {@link FirewallBackend#apply}.
   *
   * @param name {@code iptables} or {@code nftables}; empty for the default, iptables
   * @param settings the engine's flags
   * @param host the namespace to work in
   * @throws EngineException of kind INVALID for another name
   */
  public static FirewallBackend open(String name, FirewallSettings settings, HostNamespace host) {
    FirewallBackend backend = choose(name, settings, host);
    return settings.obeyInput() ? new ObeyingFirewall(backend, new InputMirror(host)) : backend;
  }

  private static FirewallBackend choose(
      String name, FirewallSettings settings, HostNamespace host) {
    return switch (name) {
      case "", "iptables" -> new IptablesFirewall(host, settings);
      case "nftables" -> new NftablesFirewall(host, settings);
      default -> throw EngineException.invalid("invalid firewall-backend \"" + name + "\"");
    };
  }
}
