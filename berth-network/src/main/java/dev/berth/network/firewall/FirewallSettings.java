package dev.berth.network.firewall;

/**
 * What the engine's flags say about the packet filter.
 *
 * @param ipv4 {@code --iptables}: whether IPv4 rules are written at all
 * @param ipv6 {@code --ip6tables}: whether IPv6 rules are written at all
 * @param forwardPolicyDrop whether the host's FORWARD policy becomes DROP when the engine switches
 *     forwarding on; the opposite of {@code --ip-forward-no-drop}
 * @param allowDirectRouting {@code --allow-direct-routing}: remote hosts may reach container
 *     addresses by routing
 * @param obeyInput {@code --ports-obey-input}: the host's own input rules decide about published
 *     ports too
 */
public record FirewallSettings(
    boolean ipv4,
    boolean ipv6,
    boolean forwardPolicyDrop,
    boolean allowDirectRouting,
    boolean obeyInput) {

  /** What an engine without flags does. */
  public static FirewallSettings defaults() {
    return new FirewallSettings(true, true, false, false, false);
  }

  /** Whether rules of this family are written at all. */
  public boolean enabled(IpFamily family) {
    return family == IpFamily.IPV4 ? ipv4 : ipv6;
  }
}
