package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.network.ipam.AddressSource;
import dev.berth.network.link.InterfaceAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds, at the start of the engine, the networks of an earlier life of it. */
final class NetworkRestore {
  private static final System.Logger LOG = System.getLogger(NetworkRestore.class.getName());

  private final NetworkSettings settings;
  private final NetworkServices services;
  private final NetworkRegistry registry;
  private final NetworkDrivers drivers;
  private final AddressManagers managers;
  private final LocalNetworks networks;

  NetworkRestore(
      NetworkSettings settings,
      NetworkServices services,
      NetworkRegistry registry,
      NetworkDrivers drivers,
      AddressManagers managers,
      LocalNetworks networks) {
    this.settings = settings;
    this.services = services;
    this.registry = registry;
    this.drivers = drivers;
    this.managers = managers;
    this.networks = networks;
  }

  void run() {
    Map<String, NetworkRecord> records =
        services.store().view(tx -> tx.all(NetworkTables.NETWORKS));
    NetworkSpec bridge = PredefinedNetworks.bridge(settings.bridge(), foreignAddresses());
    for (NetworkRecord network : records.values()) {
      if (isStale(network, bridge)) {
        forget(network);
      } else {
        TearDown.run("network " + network.name(), List.of(() -> restore(network)));
      }
    }
    sweepLinks();
    predefine(bridge, settings.bridge().enabled());
    predefine(PredefinedNetworks.host(), true);
    predefine(PredefinedNetworks.none(), true);
  }

  /** Addresses of the default bridge's link where somebody else has made it. */
  private List<InterfaceAddress> foreignAddresses() {
    if (!settings.bridge().enabled()) {
      return List.of();
    }
    String link = PredefinedNetworks.bridgeLink(settings.bridge());
    boolean named = !settings.bridge().name().isEmpty();
    if (named && services.kernel().find(link).isEmpty()) {
      throw EngineException.forbidden(
          "bridge device with non default name " + link + " must be created manually");
    }
    return services.kernel().ownLinks().contains(link)
        ? List.of()
        : services.kernel().addresses(link);
  }

  /** The default bridge follows the engine's settings, unless containers run on it. */
  private boolean isStale(NetworkRecord network, NetworkSpec bridge) {
    boolean changed =
        network.predefined()
            && network.name().equals(PredefinedNetworks.BRIDGE)
            && (!settings.bridge().enabled() || !network.spec().equals(bridge));
    boolean used =
        changed
            && services.store().view(tx -> tx.all(NetworkTables.SANDBOXES)).values().stream()
                .flatMap(sandbox -> sandbox.endpoints().stream())
                .anyMatch(endpoint -> endpoint.networkId().equals(network.id()));
    return changed && !used;
  }

  private void forget(NetworkRecord network) {
    drivers.known(network.driver()).deleteNetwork(network);
    services
        .store()
        .update(tx -> {
          tx.remove(NetworkTables.NETWORKS, network.id());
          return true;
        });
  }

  private void restore(NetworkRecord network) {
    NetworkDriver driver = drivers.known(network.driver());
    NetworkPlan plan = driver.plan(network, List.of());
    AddressSource addresses =
        managers
            .known(network.ipam().driver())
            .map(manager -> manager.restore(network))
            .orElseGet(() -> SubnetPlanner.restore(network));
    NetworkEntry entry = new NetworkEntry(plan, driver, addresses);
    entry.ready(network);
    registry.add(entry);
    if (!network.spec().flags().configOnly()) {
      driver.restoreNetwork(plan);
    }
  }

  /** Links that were made, or were to be deleted, when the engine was killed. */
  private void sweepLinks() {
    Set<String> known = new HashSet<>();
    for (NetworkEntry entry : registry.all()) {
      entry.plan().links().forEach(link -> known.add(link.name()));
      known.addAll(entry.network().driverState().values());
    }
    List<Runnable> steps = new ArrayList<>();
    for (String link : services.kernel().ownLinks()) {
      if (!known.contains(link)) {
        LOG.log(System.Logger.Level.INFO, "removing the left-over link {0}", link);
        steps.add(() -> services.kernel().delete(link));
      }
    }
    TearDown.run("left-over links", steps);
  }

  private void predefine(NetworkSpec spec, boolean wanted) {
    boolean present =
        registry.all().stream().anyMatch(entry -> entry.network().name().equals(spec.name()));
    if (wanted && !present) {
      networks.predefine(spec);
    }
  }
}
