package dev.berth.network.firewall;

/** How one address family of a bridge network meets the world outside of it. */
public enum GatewayMode {
  /** Masqueraded on the way out, published ports translated on the way in; nothing else enters. */
  NAT,
  /** As {@link #NAT}, but remote hosts may also reach container addresses by routing. */
  NAT_UNPROTECTED,
  /** No translation: published ports are open on the container's own address. */
  ROUTED,
  /** Internal network whose bridge has no address of the host. */
  ISOLATED;

  /** Whether published ports are translated from an address of the host. */
  public boolean translates() {
    return this == NAT || this == NAT_UNPROTECTED;
  }
}
