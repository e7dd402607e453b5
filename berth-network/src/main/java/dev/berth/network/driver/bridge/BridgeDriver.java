package dev.berth.network.driver.bridge;

import dev.berth.core.EngineException;
import dev.berth.network.EndpointAddresses;
import dev.berth.network.EndpointRequest;
import dev.berth.network.JoinAnswer;
import dev.berth.network.JoinRequest;
import dev.berth.network.MacAddresses;
import dev.berth.network.NetworkDriver;
import dev.berth.network.NetworkPlan;
import dev.berth.network.NetworkRecord;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.firewall.FirewallNetwork;
import dev.berth.network.firewall.GatewayMode;
import dev.berth.network.firewall.NetworkFamily;
import dev.berth.network.firewall.Prefix;
import dev.berth.network.ipam.Cidr;
import dev.berth.network.ipam.IpText;
import dev.berth.network.link.HostLink;
import dev.berth.network.link.InterfaceAddress;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.link.LinkSource;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Networks on a kernel bridge. An endpoint is a veth pair whose far end is made inside the
 * container's namespace right away, as moving it there would cost ten times as much.
 */
public final class BridgeDriver implements NetworkDriver {
  private static final Capability CAPABILITY = new Capability("local", true, true);
  private static final String MADE = "made";
  private static final int HOST_NAME_DIGITS = 7;

  /** The kernel gives every interface an address of it. */
  private static final Cidr LINK_LOCAL = Cidr.of("fe80::/64");

  /** The auxiliary addresses that containers use as gateway instead of the bridge. */
  private static final String GATEWAY_IPV4 = "DefaultGatewayIPv4";

  private static final String GATEWAY_IPV6 = "DefaultGatewayIPv6";

  private final LinkKernel kernel;
  private final RandomGenerator random;

  /**
   * @param kernel makes the links
   * @param random chooses MAC addresses
   */
  public BridgeDriver(LinkKernel kernel, RandomGenerator random) {
    this.kernel = kernel;
    this.random = random;
  }

  @Override
  public String name() {
    return "bridge";
  }

  @Override
  public Capability capability() {
    return CAPABILITY;
  }

  @Override
  public boolean wantsGateway(NetworkRecord network, boolean ipv6) {
    BridgeOptions options = BridgeOptions.of(network);
    boolean unused = !ipv6 && options.inhibitIpv4() && network.spec().flags().internal();
    return options.family(ipv6).mode() != GatewayMode.ISOLATED && !unused;
  }

  @Override
  public NetworkPlan plan(NetworkRecord network, List<NetworkRecord> others) {
    BridgeOptions options = BridgeOptions.of(network);
    if (!network.ipv4() && !network.ipv6()) {
      throw EngineException.invalid("IPv4 or IPv6 must be enabled");
    }
    for (boolean six : new boolean[] {false, true}) {
      if (network.pools().stream().filter(pool -> pool.ipv6() == six).count() > 1) {
        throw EngineException.forbidden("bridge driver doesn't support multiple subnets");
      }
    }
    network.pools().forEach(BridgeDriver::refuseUnfit);
    for (NetworkRecord other : others) {
      refuseSameBridge(network, options, other);
    }
    List<InterfaceAddress> addresses = new ArrayList<>();
    bridgeAddress(network, options, false).ifPresent(addresses::add);
    bridgeAddress(network, options, true).ifPresent(addresses::add);
    HostLink.Bridge bridge =
        new HostLink.Bridge(
            options.bridgeName(),
            MacAddresses.derivedFrom(network.id()),
            options.mtuBytes(),
            addresses,
            network.ipv6());
    return new NetworkPlan(network, List.of(bridge), firewall(network, options));
  }

  private static void refuseUnfit(NetworkRecord.Pool pool) {
    Cidr subnet = Cidr.of(pool.subnet());
    if (subnet.prefixLength() == 0) {
      throw EngineException.invalid((pool.ipv6() ? "ipv6" : "ipv4") + " pool is empty");
    }
    if (!pool.ipv6()) {
      return;
    }
    String shown =
        (pool.gateway().isEmpty() ? Addresses.text(subnet.network()) : pool.gateway())
            + "/"
            + subnet.prefixLength();
    if (subnet.network().isMulticastAddress()) {
      throw EngineException.invalid("multicast subnet '" + shown + "' is not allowed");
    }
    if (LINK_LOCAL.overlaps(subnet) && !LINK_LOCAL.equals(subnet)) {
      throw EngineException.invalid(
          "'" + shown + "' clashes with the Link-Local prefix '" + LINK_LOCAL + "'");
    }
  }

  private static void refuseSameBridge(
      NetworkRecord network, BridgeOptions options, NetworkRecord other) {
    String taken = BridgeOptions.of(other).bridgeName();
    if (taken.equals(options.bridgeName())) {
      throw EngineException.forbidden(
          "cannot create network %s (%s): conflicts with network %s (%s): networks have same bridge name"
              .formatted(network.id(), options.bridgeName(), other.id(), taken));
    }
  }

  private static Optional<InterfaceAddress> bridgeAddress(
      NetworkRecord network, BridgeOptions options, boolean six) {
    boolean without =
        options.family(six).mode() == GatewayMode.ISOLATED || (!six && options.inhibitIpv4());
    return network
        .firstPool(six)
        .filter(pool -> !without && !pool.gateway().isEmpty())
        .map(pool ->
            new InterfaceAddress(
                IpText.parse(pool.gateway()).orElseThrow(), Cidr.of(pool.subnet()).prefixLength()));
  }

  private static FirewallNetwork firewall(NetworkRecord network, BridgeOptions options) {
    return new FirewallNetwork(
        network.id(),
        options.bridgeName(),
        network.spec().flags().internal(),
        options.icc(),
        family(network, options, false),
        family(network, options, true),
        options.trustedInterfaces());
  }

  private static @Nullable NetworkFamily family(
      NetworkRecord network, BridgeOptions options, boolean six) {
    NetworkRecord.Pool pool = network.firstPool(six).orElse(null);
    if (pool == null) {
      return null;
    }
    BridgeOptions.Family family = options.family(six);
    return new NetworkFamily(
        Prefix.parse(pool.subnet()), family.mode(), options.masquerade(), family.sourceAddress());
  }

  @Override
  public Map<String, String> createNetwork(NetworkPlan plan) {
    HostLink.Bridge bridge = bridge(plan);
    if (kernel.find(bridge.name()).isPresent()) {
      kernel.adopt(bridge, false);
      return Map.of();
    }
    kernel.create(bridge);
    return Map.of(MADE, bridge.name());
  }

  @Override
  public void restoreNetwork(NetworkPlan plan) {
    HostLink.Bridge bridge = bridge(plan);
    boolean ours = plan.network().driverState().containsKey(MADE);
    if (kernel.find(bridge.name()).isPresent()) {
      kernel.adopt(bridge, ours);
    } else {
      kernel.create(bridge);
    }
  }

  @Override
  public void deleteNetwork(NetworkRecord network) {
    String made = network.driverState().get(MADE);
    if (made != null) {
      kernel.delete(made);
    }
  }

  private static HostLink.Bridge bridge(NetworkPlan plan) {
    return (HostLink.Bridge) plan.links().getFirst();
  }

  @Override
  public EndpointAddresses createEndpoint(EndpointRequest request) {
    EndpointAddresses addresses = request.addresses();
    return addresses.macAddress().isEmpty()
        ? new EndpointAddresses(MacAddresses.random(random), addresses.ipv4(), addresses.ipv6())
        : addresses;
  }

  @Override
  public void deleteEndpoint(NetworkRecord network, String endpointId) {
    // The pair dies with the container's namespace, or was removed from inside of it.
  }

  @Override
  public JoinAnswer join(JoinRequest request) {
    NetworkRecord network = request.network();
    BridgeOptions options = BridgeOptions.of(network);
    String hostName = "veth" + request.endpointId().substring(0, HOST_NAME_DIGITS);
    return new JoinAnswer(
        new LinkSource.Veth(options.bridgeName(), hostName),
        options.interfacePrefix(),
        options.mtuBytes(),
        exit(network, options, false),
        exit(network, options, true),
        List.of());
  }

  private static JoinAnswer.Exit exit(NetworkRecord network, BridgeOptions options, boolean six) {
    NetworkRecord.Pool pool = network.firstPool(six).orElse(null);
    if (network.spec().flags().internal() || pool == null) {
      return JoinAnswer.Exit.NONE;
    }
    BridgeOptions.Family family = options.family(six);
    String chosen = pool.auxiliaryAddresses().get(six ? GATEWAY_IPV6 : GATEWAY_IPV4);
    @Nullable InetAddress gateway =
        IpText.parse(chosen == null ? pool.gateway() : chosen).orElse(null);
    return new JoinAnswer.Exit(
        gateway, false, new JoinAnswer.Publishing(family.mode(), family.defaultHostAddress()));
  }

  @Override
  public void leave(NetworkRecord network, String endpointId) {
    // Nothing but the interface was made.
  }
}
