package dev.berth.engine;

import dev.berth.runtime.Cgroups;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.LaunchException;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.Runtime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Runs nothing; a test ends its processes. */
final class FakeRuntime implements Runtime {
  private final Map<String, FakeProcess> processes = new ConcurrentHashMap<>();
  private final Runnable fault;
  private @Nullable LaunchException refusal;
  private int nextPid = 1000;

  /**
   * @param fault may throw at each step
   */
  FakeRuntime(Runnable fault) {
    this.fault = fault;
  }

  void refuse(LaunchException next) {
    refusal = next;
  }

  FakeProcess process(String containerId) {
    FakeProcess process = processes.get(containerId);
    if (process == null) {
      throw new AssertionError("no process of " + containerId);
    }
    return process;
  }

  boolean isEmpty() {
    return processes.isEmpty();
  }

  void forget(String containerId) {
    processes.remove(containerId);
  }

  @Override
  public String name() {
    return "crun";
  }

  @Override
  public String version() {
    return "fake";
  }

  @Override
  public Cgroups cgroups() {
    return new Cgroups(2, Cgroups.Driver.CGROUPFS, false);
  }

  @Override
  public ContainerProcess create(LaunchSpec spec) {
    fault.run();
    FakeProcess process = new FakeProcess(this, spec, nextPid++, fault, refusal);
    refusal = null;
    processes.put(spec.id(), process);
    return process;
  }

  @Override
  public Optional<ContainerProcess> recover(String containerId) {
    return Optional.ofNullable(processes.get(containerId));
  }

  @Override
  public void purge(String containerId) {
    forget(containerId);
  }

  @Override
  public Set<String> remains() {
    return Set.copyOf(processes.keySet());
  }

  @Override
  public void close() {}
}
