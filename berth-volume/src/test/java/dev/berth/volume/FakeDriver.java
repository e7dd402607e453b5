package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.testing.FaultPlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A driver in memory that can be told to fail, and tells who has what mounted. */
final class FakeDriver implements VolumeDriver {
  private final String name;
  private final FaultPlan plan;
  private final Map<String, Set<String>> volumes = new TreeMap<>();
  private final Map<String, String> failures = new HashMap<>();

  FakeDriver(String name) {
    this(name, FaultPlan.none());
  }

  FakeDriver(String name, FaultPlan plan) {
    this.name = name;
    this.plan = plan;
  }

  /** The next call of this operation fails. */
  void fail(String operation, String reason) {
    failures.put(operation, reason);
  }

  Set<String> users(String volume) {
    return volumes.getOrDefault(volume, Set.of());
  }

  /** The volumes there are; never fails. */
  Set<String> held() {
    return Set.copyOf(volumes.keySet());
  }

  private void step(String operation) {
    try {
      plan.step(operation);
    } catch (FaultPlan.InjectedFault fault) {
      throw EngineException.internal(operation + " failed", fault);
    }
    String reason = failures.remove(operation);
    if (reason != null) {
      throw EngineException.internal(reason, null);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public VolumeScope scope() {
    return VolumeScope.LOCAL;
  }

  @Override
  public synchronized DriverVolume create(String volume, Map<String, String> options) {
    step("create");
    volumes.computeIfAbsent(volume, key -> new HashSet<>());
    return describe(volume);
  }

  @Override
  public synchronized void remove(String volume) {
    step("remove");
    if (!users(volume).isEmpty()) {
      throw EngineException.internal("volume has active mounts", null);
    }
    volumes.remove(volume);
  }

  @Override
  public synchronized Optional<DriverVolume> find(String volume) {
    step("find");
    return volumes.containsKey(volume) ? Optional.of(describe(volume)) : Optional.empty();
  }

  @Override
  public synchronized List<DriverVolume> list() {
    step("list");
    return volumes.keySet().stream().map(FakeDriver::describe).toList();
  }

  private static DriverVolume describe(String volume) {
    return new DriverVolume(volume, "/fake/" + volume, null, null);
  }

  @Override
  public synchronized String mount(String volume, String user) {
    step("mount");
    volumes.get(volume).add(user);
    return "/fake/" + volume;
  }

  @Override
  public synchronized void unmount(String volume, String user) {
    step("unmount");
    if (volumes.containsKey(volume)) {
      volumes.get(volume).remove(user);
    }
  }
}
