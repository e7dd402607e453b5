package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.core.UndoStack;
import dev.berth.network.firewall.FirewallBackend;
import dev.berth.network.firewall.FirewallChange;
import dev.berth.network.firewall.FirewallNetwork;
import dev.berth.network.ipam.Cidr;
import dev.berth.network.ipam.NetworkAddresses;
import dev.berth.store.WriteTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The networks of this host. */
final class LocalNetworks implements Networks {
  private static final System.Logger LOG = System.getLogger(LocalNetworks.class.getName());

  private final NetworkServices services;
  private final NetworkRegistry registry;
  private final Parts parts;
  private final NetworkEvents events;
  private final Ids ids;

  /**
   * What decides about networks.
   *
   * @param drivers the kinds of networks
   * @param managers who gives addresses
   * @param planner gives them subnets
   * @param resolver reads what the user asked for
   * @param forwarding lets the host route for them
   */
  record Parts(
      NetworkDrivers drivers,
      AddressManagers managers,
      SubnetPlanner planner,
      NetworkResolver resolver,
      HostForwarding forwarding) {}

  LocalNetworks(NetworkServices services, NetworkRegistry registry, Parts parts) {
    this.services = services;
    this.registry = registry;
    this.parts = parts;
    this.events = new NetworkEvents(services.events(), services.clock());
    this.ids = new Ids(services.random());
  }

  @Override
  public NetworkRecord create(NetworkSpec spec) {
    PredefinedNetworks.refuse(spec.name());
    NetworkRecord network = parts.resolver().resolve(spec, ids.next(), services.clock().instant());
    NetworkRecord created = create(network);
    events.network("create", created);
    return created;
  }

  /**
   * Makes one of the networks that are always there. Nobody is told; its rules are written with all
   * others at the end of the engine's start.
   */
  void predefine(NetworkSpec spec) {
    create(parts.resolver().resolve(spec, ids.next(), services.clock().instant()).asPredefined());
  }

  private NetworkRecord create(NetworkRecord network) {
    return KernelRefusal.translate(() -> make(network));
  }

  private NetworkRecord make(NetworkRecord wanted) {
    NetworkDriver driver = parts.drivers().find(wanted.driver());
    boolean asks = driver instanceof OutsideDriver && !wanted.spec().flags().configOnly();
    NetworkRecord network = asks ? ((OutsideDriver) driver).introduce(wanted) : wanted;
    AddressManager manager = parts.managers().find(network.ipam().driver()).orElse(null);
    boolean withAddresses = driver.capability().addresses() && !network.spec().flags().configOnly();
    try (UndoStack undo = new UndoStack("create network " + network.name())) {
      NetworkEntry entry =
          manager == null || !withAddresses
              ? reserve(network, driver, withAddresses)
              : reserve(network, driver, manager, undo);
      undo.push("free the name and subnets", () -> registry.remove(network.id()));
      NetworkRecord complete = apply(entry, undo);
      services.store().update(tx -> put(tx, complete));
      entry.ready(complete);
      undo.commit();
      return complete;
    }
  }

  private static boolean put(WriteTransaction tx, NetworkRecord network) {
    tx.put(NetworkTables.NETWORKS, network.id(), network);
    return true;
  }

  private NetworkEntry reserve(NetworkRecord network, NetworkDriver driver, boolean local) {
    List<Cidr> host = local ? services.kernel().occupied() : List.of();
    return registry.reserve(network.name(), others -> plan(network, driver, others, host, local));
  }

  /** With the subnets of somebody outside, who is asked before anything is locked. */
  private NetworkEntry reserve(
      NetworkRecord network, NetworkDriver driver, AddressManager manager, UndoStack undo) {
    registry.refuseTaken(network.name());
    AddressPlan plan = manager.request(network, driver);
    undo.push("give the subnets back", plan.addresses()::release);
    return registry.reserve(
        network.name(),
        others -> {
          List<NetworkRecord> same =
              others.stream()
                  .map(NetworkEntry::network)
                  .filter(other -> other.driver().equals(network.driver()))
                  .toList();
          return new NetworkEntry(
              driver.plan(network.withPools(plan.pools()), same), driver, plan.addresses());
        });
  }

  private NetworkEntry plan(
      NetworkRecord network,
      NetworkDriver driver,
      List<NetworkEntry> others,
      List<Cidr> host,
      boolean withAddresses) {
    List<NetworkRecord> same = new ArrayList<>();
    List<Cidr> subnets = new ArrayList<>();
    for (NetworkEntry other : others) {
      if (other.network().driver().equals(network.driver())) {
        same.add(other.network());
      }
      other.network().pools().forEach(pool -> subnets.add(Cidr.of(pool.subnet())));
    }
    if (!withAddresses) {
      NetworkAddresses none = new NetworkAddresses(network.name(), network.id(), List.of());
      return new NetworkEntry(driver.plan(network, same), driver, none);
    }
    SubnetPlanner.Decision decision = parts.planner().decide(network, driver, subnets, host);
    NetworkPlan plan = driver.plan(network.withPools(decision.pools()), same);
    return new NetworkEntry(plan, driver, decision.addresses());
  }

  private NetworkRecord apply(NetworkEntry entry, UndoStack undo) {
    NetworkPlan plan = entry.plan();
    FirewallNetwork rules = plan.firewall();
    if (rules == null || plan.network().predefined()) {
      return create(entry, undo);
    }
    undo.push("remove rules", () -> removeRules(plan.network().id()));
    FirewallBackend.Pending written =
        services.firewall().begin(new FirewallChange.AddNetwork(rules));
    NetworkRecord complete;
    try {
      complete = create(entry, undo);
    } finally {
      written.await();
    }
    services.firewall().followBridge(complete.id());
    parts.forwarding().enableFor(complete);
    return complete;
  }

  private static NetworkRecord create(NetworkEntry entry, UndoStack undo) {
    Map<String, String> state = entry.driver().createNetwork(entry.plan());
    NetworkRecord complete = entry.plan().network().withDriverState(state);
    undo.push("delete the driver's network", () -> entry.driver().deleteNetwork(complete));
    return complete;
  }

  private void removeRules(String id) {
    services.firewall().change(new FirewallChange.RemoveNetwork(id));
  }

  @Override
  public NetworkRecord remove(String reference) {
    NetworkEntry entry = registry.find(reference);
    NetworkRecord network = entry.network();
    if (network.predefined()) {
      throw EngineException.forbidden(
          network.name() + " is a pre-defined network and cannot be removed");
    }
    refuseUsedConfiguration(network);
    entry.beginRemoval();
    tearDown(entry);
    if (!network.spec().flags().configOnly()) {
      events.network("destroy", network);
    }
    return network;
  }

  private void refuseUsedConfiguration(NetworkRecord network) {
    boolean used =
        network.spec().flags().configOnly()
            && registry.all().stream()
                .anyMatch(other -> network.name().equals(other.network().spec().configFrom()));
    if (used) {
      throw EngineException.forbidden(
          "error while removing network: configuration network \""
              + network.name()
              + "\" is in use");
    }
  }

  /** The record goes first: what a crash leaves behind then is swept at the next start. */
  void tearDown(NetworkEntry entry) {
    NetworkRecord network = entry.network();
    try {
      services
          .store()
          .update(tx -> {
            tx.remove(NetworkTables.NETWORKS, network.id());
            return true;
          });
    } catch (RuntimeException failure) {
      entry.cancelRemoval();
      throw failure;
    }
    List<Runnable> steps =
        List.of(
            () -> services.dns().forget(network.id()),
            () -> {
              if (entry.plan().firewall() != null) {
                services.firewall().changeLater(new FirewallChange.RemoveNetwork(network.id()));
              }
            },
            () -> entry.driver().deleteNetwork(network),
            () -> entry.addresses().release());
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException failure) {
        LOG.log(System.Logger.Level.WARNING, "removing network " + network.name(), failure);
      }
    }
    registry.remove(network.id());
  }

  @Override
  public NetworkRecord find(String reference) {
    return registry.find(reference).network();
  }

  @Override
  public List<NetworkRecord> list(NetworkFilter filter) {
    NetworkMatcher matcher = new NetworkMatcher(filter);
    return registry.all().stream().filter(matcher::matches).map(NetworkEntry::network).toList();
  }

  @Override
  public NetworkStatus inspect(String reference) {
    NetworkEntry entry = registry.find(reference);
    List<NetworkStatus.PoolUsage> usage =
        entry.addresses().usage().stream()
            .map(pool ->
                new NetworkStatus.PoolUsage(
                    pool.subnet().toString(), pool.inUse(), pool.available()))
            .toList();
    return new NetworkStatus(entry.network(), entry.attachments(), usage);
  }

  @Override
  public List<String> driverNames() {
    return List.copyOf(parts.drivers().names());
  }

  @Override
  public List<String> prune(NetworkFilter filter) {
    NetworkMatcher matcher = new NetworkMatcher(filter);
    List<String> removed = new ArrayList<>();
    for (NetworkEntry entry : registry.all()) {
      NetworkRecord network = entry.network();
      boolean candidate = !network.predefined() && !network.spec().flags().configOnly();
      if (candidate && matcher.matches(entry) && entry.attachments().isEmpty()) {
        try {
          remove(network.id());
          removed.add(network.name());
        } catch (EngineException cameInBetween) {
          LOG.log(System.Logger.Level.DEBUG, "not pruned: {0}", cameInBetween.text());
        }
      }
    }
    events.prune();
    return List.copyOf(removed);
  }
}
