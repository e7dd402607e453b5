package dev.berth.network.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What both packet filters have in common: one transaction at a time, a state that the kernel is
 * in, and the number by which changes of others are noticed.
 */
abstract class KernelFirewall implements FirewallBackend {
  /** Where the rules are. */
  final HostNamespace host;

  /** The kernel's variables of bridges. */
  final HostVariables variables;

  /** Used while no other transaction runs. */
  final RulesetGeneration generation;

  private final FirewalldZone zone;
  private final ChangeQueue queue = new ChangeQueue(this::transact);
  private volatile FirewallState state;

  KernelFirewall(HostNamespace host, FirewallSettings settings) {
    this.host = host;
    this.variables = new HostVariables(host);
    this.generation = new RulesetGeneration(host);
    this.zone = new FirewalldZone(host, FirewalldZone.BUS);
    this.state = FirewallState.empty(settings);
  }

  /** Carries changes out all or nothing. */
  abstract void transact(List<FirewallChange> changes);

  /** Writes all rules of a state and lets it be the present one. */
  abstract void applyNow(FirewallState desired);

  /** What differs between the kernel and the present state. */
  abstract FirewallDrift compare();

  /** Takes all rules away. */
  abstract void removeNow();

  /** Closes what was opened on the way. */
  void closeNow() {}

  @Override
  public final FirewallState state() {
    return state;
  }

  /** The kernel is in another state now. */
  final void become(FirewallState now) {
    state = now;
    if (now.settings().enabled(IpFamily.IPV4) || now.settings().enabled(IpFamily.IPV6)) {
      zone.want(now.networks().values());
    }
  }

  /** Runs something while no transaction runs and none waits. */
  final void exclusively(Runnable work) {
    queue.exclusively(work);
  }

  private <T> T askExclusively(Supplier<T> work) {
    List<T> result = new ArrayList<>();
    queue.exclusively(() -> result.add(work.get()));
    return result.getFirst();
  }

  @Override
  public final void apply(FirewallState desired) {
    exclusively(() -> applyNow(desired));
  }

  @Override
  public final void change(List<? extends FirewallChange> changes) {
    queue.submit(changes);
    zone.settle();
  }

  @Override
  public final Pending begin(FirewallChange change) {
    Pending rules = queue.begin(List.of(change));
    return () -> {
      rules.await();
      zone.settle();
    };
  }

  @Override
  public final void changeLater(FirewallChange change) {
    queue.submitLater(List.of(change));
  }

  @Override
  public final void followBridge(String networkId) {
    FirewallNetwork network = state.networks().get(networkId);
    if (network != null) {
      variables.follow(List.of(network));
    }
  }

  @Override
  public final boolean disturbed() {
    return askExclusively(generation::disturbed);
  }

  @Override
  public final FirewallDrift verify() {
    return askExclusively(this::compare);
  }

  @Override
  public final FirewallDrift heal() {
    return askExclusively(() -> {
      generation.settle();
      FirewallDrift drift = compare();
      if (!drift.clean()) {
        applyNow(state);
      }
      zone.look();
      return drift;
    });
  }

  @Override
  public final void removeAll() {
    exclusively(() -> {
      removeNow();
      become(FirewallState.empty(state.settings()));
    });
  }

  @Override
  public final void close() {
    exclusively(() -> {
      generation.close();
      zone.close();
      closeNow();
    });
  }
}
