package dev.berth.engine;

import dev.berth.volume.DriverVolume;
import dev.berth.volume.VolumeDriver;
import dev.berth.volume.VolumeScope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A volume driver whose volumes are only remembered. */
final class FakeVolumes implements VolumeDriver {
  private final Runnable fault;
  private final Map<String, Set<String>> users = new TreeMap<>();

  FakeVolumes(Runnable fault) {
    this.fault = fault;
  }

  synchronized Set<String> names() {
    return new TreeSet<>(users.keySet());
  }

  synchronized boolean anyMounted() {
    return users.values().stream().anyMatch(each -> !each.isEmpty());
  }

  @Override
  public String name() {
    return "local";
  }

  @Override
  public VolumeScope scope() {
    return VolumeScope.LOCAL;
  }

  @Override
  public synchronized DriverVolume create(String name, Map<String, String> options) {
    fault.run();
    users.putIfAbsent(name, new TreeSet<>());
    return describe(name);
  }

  private static DriverVolume describe(String name) {
    return new DriverVolume(name, "/volumes/" + name, null, null);
  }

  @Override
  public synchronized void remove(String name) {
    users.remove(name);
  }

  @Override
  public synchronized Optional<DriverVolume> find(String name) {
    return users.containsKey(name) ? Optional.of(describe(name)) : Optional.empty();
  }

  @Override
  public synchronized List<DriverVolume> list() {
    return users.keySet().stream().map(FakeVolumes::describe).toList();
  }

  @Override
  public synchronized String mount(String name, String user) {
    fault.run();
    users.computeIfAbsent(name, key -> new TreeSet<>()).add(user);
    return "/volumes/" + name;
  }

  @Override
  public synchronized void unmount(String name, String user) {
    Set<String> of = users.get(name);
    if (of != null) {
      of.remove(user);
    }
  }
}
