package dev.berth.network;

import dev.berth.network.ipam.Cidr;
import dev.berth.network.ipam.SubnetChooser;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * All of the engine's networking, wired. First {@link #start()}, then {@link Sandboxes#restore},
 * then anything. Closing stops what serves containers in this process; links, rules and namespaces
 * stay, so that running containers go on.
 */
public final class NetworkStack implements AutoCloseable {
  private static final int ULA_BYTES = 5;
  private static final int ULA_SUBNET = 64;

  private final NetworkSettings settings;
  private final NetworkServices services;
  private final NetworkRegistry registry;
  private final NetworkDrivers drivers;
  private final AddressManagers managers;
  private final LocalNetworks networks;
  private final LocalSandboxes sandboxes;
  private final Returns returns;

  private NetworkStack(NetworkSettings settings, NetworkServices services, String ipv6Base) {
    this.settings = settings;
    this.services = services;
    this.registry = new NetworkRegistry();
    Holdings holdings = new Holdings(services.store());
    this.drivers =
        NetworkDrivers.of(services.kernel(), services.random(), services.plugins(), holdings);
    this.managers = new AddressManagers(services.plugins(), holdings);
    this.returns = new Returns(holdings, drivers, managers);
    this.networks =
        new LocalNetworks(
            services,
            registry,
            new LocalNetworks.Parts(
                drivers,
                managers,
                new SubnetPlanner(new SubnetChooser(bases(settings, ipv6Base))),
                new NetworkResolver(registry, managers, settings.defaultOptions()),
                new HostForwarding(services, settings.ipForward())));
    this.sandboxes =
        new LocalSandboxes(
            services,
            registry,
            settings,
            new LocalSandboxes.Surroundings(
                returns, new GatewayNetwork(registry, networks::create)));
  }

  /** Wires networking; reads the store, touches nothing else. */
  public static NetworkStack create(NetworkSettings settings, NetworkServices services) {
    return new NetworkStack(settings, services, ipv6Base(services));
  }

  /** A random block of unique local addresses (RFC 4193), chosen once for this engine. */
  private static String ipv6Base(NetworkServices services) {
    Optional<NetworkTables.HostRecord> known =
        services.store().view(tx -> tx.find(NetworkTables.HOST, NetworkTables.HOST_KEY));
    if (known.isPresent()) {
      return known.get().ipv6Base();
    }
    byte[] random = new byte[ULA_BYTES];
    services.random().nextBytes(random);
    HexFormat hex = HexFormat.of();
    String base =
        "fd"
            + hex.formatHex(random, 0, 1)
            + ":"
            + hex.formatHex(random, 1, 3)
            + ":"
            + hex.formatHex(random, 3, 5)
            + "::/48";
    services
        .store()
        .update(tx -> {
          tx.put(
              NetworkTables.HOST, NetworkTables.HOST_KEY, new NetworkTables.HostRecord(base, null));
          return true;
        });
    return base;
  }

  private static List<SubnetChooser.Base> bases(NetworkSettings settings, String ipv6Base) {
    List<SubnetChooser.Base> bases = new ArrayList<>();
    settings
        .addressPools()
        .forEach(pool -> bases.add(SubnetChooser.Base.of(pool.base(), pool.size())));
    if (bases.stream().noneMatch(base -> !base.block().ipv6())) {
      bases.addAll(SubnetChooser.DOCKER_IPV4);
    }
    if (bases.stream().noneMatch(base -> base.block().ipv6())) {
      bases.add(new SubnetChooser.Base(Cidr.of(ipv6Base), ULA_SUBNET));
    }
    return bases;
  }

  /**
   * Finds the networks of the store with their links, and makes the predefined ones where they are
   * missing. Rules and forwarding follow with {@link Sandboxes#restore}.
   */
  public void start() {
    new NetworkRestore(settings, services, registry, drivers, managers, networks).run();
  }

  /** What the configuration says. */
  public NetworkSettings settings() {
    return settings;
  }

  /** The name of the packet filter's backend. */
  public String firewallBackend() {
    return services.firewall().name();
  }

  /** The networks. */
  public Networks networks() {
    return networks;
  }

  /** The namespaces of running containers. */
  public Sandboxes sandboxes() {
    return sandboxes;
  }

  @Override
  public void close() {
    returns.close();
    sandboxes.closeAll();
  }
}
