package dev.berth.network;

import dev.berth.network.firewall.FirewallChange;
import dev.berth.network.firewall.IpFamily;
import dev.berth.network.link.LinkKernel;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the host into a router, which containers need to reach anything beyond it. Only called once
 * the rules are in force that keep others from being routed: first it is noted down, then the rules
 * close what has nothing to do with containers, then the kernel forwards.
 */
final class HostForwarding {
  private static final String BOOT = "kernel/random/boot_id";
  private static final String IPV4 = "net/ipv4/ip_forward";
  private static final String IPV6 = "net/ipv6/conf/all/forwarding";
  private static final String IPV6_DEFAULT = "net/ipv6/conf/default/forwarding";
  private static final String ON = "1";

  private final NetworkServices services;
  private final LinkKernel kernel;
  private final boolean wanted;

  /**
   * @param wanted {@code --ip-forward}
   */
  HostForwarding(NetworkServices services, boolean wanted) {
    this.services = services;
    this.kernel = services.kernel();
    this.wanted = wanted;
  }

  /**
   * The families in which only what has to do with containers is forwarded: those which the engine
   * has turned on since the machine was booted, or is going to for these networks.
   */
  Set<IpFamily> closedFor(Collection<NetworkRecord> networks) {
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    if (isToBeEnabled(IPV4)) {
      families.add(IpFamily.IPV4);
    }
    if (networks.stream().anyMatch(HostForwarding::routesIpv6) && isToBeEnabled(IPV6)) {
      families.add(IpFamily.IPV6);
    }
    Set<IpFamily> all = remember(families);
    return services.firewall().state().settings().forwardPolicyDrop() ? all : Set.of();
  }

  /** Turns it on as far as these networks need it. */
  void enable(Collection<NetworkRecord> networks) {
    if (isToBeEnabled(IPV4)) {
      kernel.setSysctl(IPV4, ON);
    }
    if (networks.stream().anyMatch(HostForwarding::routesIpv6) && isToBeEnabled(IPV6)) {
      enableIpv6();
    }
  }

  /** Turns it on as far as this new network needs it. */
  void enableFor(NetworkRecord network) {
    if (!routesIpv6(network) || !isToBeEnabled(IPV6)) {
      return;
    }
    remember(EnumSet.of(IpFamily.IPV6));
    if (services.firewall().state().settings().forwardPolicyDrop()) {
      services.firewall().change(new FirewallChange.CloseForwarding(IpFamily.IPV6));
    }
    enableIpv6();
  }

  private void enableIpv6() {
    kernel.keepRouterAdvertisements();
    kernel.setSysctl(IPV6_DEFAULT, ON);
    kernel.setSysctl(IPV6, ON);
  }

  private static boolean routesIpv6(NetworkRecord network) {
    return network.driver().equals("bridge")
        && network.ipv6()
        && !network.spec().flags().internal();
  }

  private boolean isToBeEnabled(String name) {
    return wanted && kernel.sysctl(name).filter(value -> !value.equals(ON)).isPresent();
  }

  /** Notes down what is turned on, and says what was in this boot so far. */
  private Set<IpFamily> remember(Set<IpFamily> more) {
    Optional<NetworkTables.HostRecord> record =
        services.store().view(tx -> tx.find(NetworkTables.HOST, NetworkTables.HOST_KEY));
    NetworkTables.Forwarding known = record.map(NetworkTables.HostRecord::forwarding).orElse(null);
    String boot = kernel.sysctl(BOOT).orElse("");
    Set<IpFamily> all = EnumSet.copyOf(more.isEmpty() ? EnumSet.noneOf(IpFamily.class) : more);
    if (known != null && known.boot().equals(boot)) {
      all.addAll(known.families());
    }
    NetworkTables.Forwarding now = new NetworkTables.Forwarding(boot, all);
    if (!all.isEmpty() && !now.equals(known)) {
      String base = record.map(NetworkTables.HostRecord::ipv6Base).orElse("");
      services
          .store()
          .update(tx -> {
            tx.put(
                NetworkTables.HOST,
                NetworkTables.HOST_KEY,
                new NetworkTables.HostRecord(base, now));
            return true;
          });
    }
    return all;
  }
}
