package dev.berth.network.firewall;

import dev.berth.core.EngineException;
import dev.berth.linux.Capture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The backend which administrators of Docker know: iptables, by whole scripts for its restore
 * command.
 */
final class IptablesFirewall extends KernelFirewall {
  private static final System.Logger LOG = System.getLogger(IptablesFirewall.class.getName());

  /** Three tables in each of two families. */
  private static final int MOST_TRANSACTIONS = 6;

  private static final Duration LOOK_EVERY = Duration.ofNanos(300_000);

  IptablesFirewall(HostNamespace host, FirewallSettings settings) {
    super(host, settings);
  }

  @Override
  public String name() {
    return "iptables";
  }

  @Override
  void removeNow() {
    for (IpFamily family : IpFamily.values()) {
      if (state().settings().enabled(family)) {
        restore(family, IptablesScript.none(state(), family, save(family), false));
      }
    }
  }

  @Override
  public void replaceOthers() {
    exclusively(() ->
        generation.during(
            NftablesTables.MOST,
            () -> {
              NftablesTables.remove(host, state());
              if (!state().settings().obeyInput()) {
                NftablesTables.removeInput(host);
              }
            }));
  }

  /** Takes away what this backend has left, on behalf of one that follows it. */
  static void leave(HostNamespace host, FirewallState state, IpFamily family) {
    IptablesSave existing =
        IptablesSave.parse(run(host, List.of(program(family) + "-save"), "").output());
    boolean reopen = state.closed().contains(family);
    String script = IptablesScript.none(state, family, existing, reopen);
    if (!script.isEmpty()) {
      restore(host, family, script);
    }
    String input = state.settings().obeyInput() ? "" : IptablesInput.removal(existing);
    if (!input.isEmpty()) {
      restore(host, family, input);
    }
  }

  @Override
  void transact(List<FirewallChange> changes) {
    FirewallDelta delta = FirewallDelta.of(state(), changes);
    if (delta.empty()) {
      become(delta.after());
      return;
    }
    try {
      generation.during(MOST_TRANSACTIONS, () -> restoreAll(delta));
    } catch (EngineException e) {
      // Somebody has changed our chains: write them anew, or return to what was.
      LOG.log(
          System.Logger.Level.INFO, "writing all rules, as a change did not fit: {0}", e.text());
      rewrite(delta);
    }
    become(delta.after());
    variables.follow(delta.addedNetworks());
  }

  private void rewrite(FirewallDelta delta) {
    try {
      write(delta.after());
    } catch (EngineException e) {
      write(delta.before());
      throw e;
    }
  }

  @Override
  void applyNow(FirewallState desired) {
    write(desired);
    become(desired);
    variables.follow(desired.networks().values());
  }

  /** Both families side by side: the kernel keeps them apart, and each takes two programs. */
  private void write(FirewallState desired) {
    FutureTask<Boolean> ipv6 = new FutureTask<>(() -> write(desired, IpFamily.IPV6), true);
    Thread.ofVirtual().name("write-ipv6-rules").start(ipv6);
    try {
      write(desired, IpFamily.IPV4);
    } finally {
      settle(ipv6);
    }
    generation.settle();
  }

  private static void settle(FutureTask<?> work) {
    try {
      work.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EngineException.internal("interrupted while writing the firewall's rules", e);
    }
  }

  private void write(FirewallState desired, IpFamily family) {
    if (!desired.settings().enabled(family)) {
      return;
    }
    try {
      IptablesSave existing = save(family);
      restore(family, IptablesScript.whole(desired, family, existing));
      if (!desired.settings().obeyInput()) {
        restore(family, IptablesInput.removal(existing));
      }
    } catch (EngineException e) {
      if (needed(family, desired)) {
        throw e;
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "no network uses {0} and its rules cannot be written: {1}",
          family,
          e.text());
    }
  }

  /** A host may lack IPv6 or its tables; that must not keep the engine from starting. */
  private static boolean needed(IpFamily family, FirewallState desired) {
    return family == IpFamily.IPV4
        || desired.networks().values().stream().anyMatch(network -> network.ipv6() != null);
  }

  @Override
  FirewallDrift compare() {
    FirewallState desired = state();
    List<String> missing = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      if (desired.settings().enabled(family)) {
        FirewallDrift drift = IptablesScript.drift(desired, family, save(family));
        missing.addAll(drift.missing());
        foreign.addAll(drift.foreign());
      }
    }
    return new FirewallDrift(missing, foreign);
  }

  private IptablesSave save(IpFamily family) {
    return IptablesSave.parse(run(host, List.of(program(family) + "-save"), "").output());
  }

  private void restoreAll(FirewallDelta delta) {
    int before = generation.current();
    List<RestoreProcess> running = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      for (String script : IptablesScript.change(delta, family)) {
        running.add(start(host, family, script));
      }
    }
    if (delta.onlyRemoves()) {
      awaitGeneration(before + running.size(), running);
    }
    RuntimeException failure = null;
    for (RestoreProcess process : running) {
      failure = finish(process, delta.onlyRemoves(), failure);
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Waits until each of the commands has made its change or ended. */
  private void awaitGeneration(int expected, List<RestoreProcess> running) {
    try {
      while (generation.current() < expected
          && !running.stream().allMatch(RestoreProcess::hasEnded)) {
        Thread.sleep(LOOK_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable RuntimeException finish(
      RestoreProcess process, boolean mayLeave, @Nullable RuntimeException before) {
    if (mayLeave && !process.hasEnded()) {
      process.leave(this::doubt);
      return before;
    }
    try {
      process.await();
      return before;
    } catch (EngineException e) {
      return e;
    }
  }

  private static RestoreProcess start(HostNamespace host, IpFamily family, String script) {
    return host.startRestore(List.of(program(family) + "-restore", "--noflush", "-w"), script);
  }

  private void restore(IpFamily family, String script) {
    if (!script.isEmpty()) {
      restore(host, family, script);
    }
  }

  /** Runs a script on a host. */
  static void restore(HostNamespace host, IpFamily family, String script) {
    start(host, family, script).await();
  }

  private void doubt() {
    LOG.log(System.Logger.Level.WARNING, "a change of rules failed late, they will be compared");
    exclusively(generation::doubt);
  }

  private static Capture.Result run(HostNamespace host, List<String> command, String input) {
    Capture.Result result = host.run(command, input);
    if (!result.status().isSuccess()) {
      throw EngineException.internal(
          command.getFirst() + " failed: " + result.errors().strip(), null);
    }
    return result;
  }

  static String program(IpFamily family) {
    return family == IpFamily.IPV4 ? "iptables" : "ip6tables";
  }
}
