package dev.berth.network;

import dev.berth.network.link.LinkKernel;
import java.util.Collection;

/**
 * Turns the host into a router, which containers need to reach anything beyond it. Only called once
 * the rules are in force that keep others from being routed.
 */
final class HostForwarding {
  private static final String IPV4 = "net/ipv4/ip_forward";
  private static final String IPV6 = "net/ipv6/conf/all/forwarding";
  private static final String IPV6_DEFAULT = "net/ipv6/conf/default/forwarding";
  private static final String ON = "1";

  private final LinkKernel kernel;
  private final boolean wanted;

  /**
   * @param wanted {@code --ip-forward}
   */
  HostForwarding(LinkKernel kernel, boolean wanted) {
    this.kernel = kernel;
    this.wanted = wanted;
  }

  /** Whether the engine is going to turn forwarding on, as it is off now. */
  boolean isToBeEnabled() {
    return wanted && !kernel.sysctl(IPV4).orElse(ON).equals(ON);
  }

  /** Turns it on as far as these networks need it. */
  void enable(Collection<NetworkRecord> networks) {
    if (isToBeEnabled()) {
      kernel.setSysctl(IPV4, ON);
    }
    networks.forEach(this::enableFor);
  }

  /** Turns it on as far as this network needs it. */
  void enableFor(NetworkRecord network) {
    boolean leavesHost = network.driver().equals("bridge") && !network.spec().flags().internal();
    boolean off = kernel.sysctl(IPV6).filter(value -> !value.equals(ON)).isPresent();
    if (wanted && network.ipv6() && leavesHost && off) {
      kernel.keepRouterAdvertisements();
      kernel.setSysctl(IPV6_DEFAULT, ON);
      kernel.setSysctl(IPV6, ON);
    }
  }
}
