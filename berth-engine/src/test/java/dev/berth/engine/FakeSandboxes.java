package dev.berth.engine;

import dev.berth.network.EndpointSpec;
import dev.berth.network.NetworkMode;
import dev.berth.network.SandboxSpec;
import dev.berth.network.SandboxStatus;
import dev.berth.network.Sandboxes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Sandboxes that are only remembered. */
final class FakeSandboxes implements Sandboxes {
  private final Runnable fault;
  private final Map<String, SandboxStatus> open = new TreeMap<>();
  private final Map<String, List<EndpointSpec>> reserved = new TreeMap<>();

  FakeSandboxes(Runnable fault) {
    this.fault = fault;
  }

  synchronized boolean isEmpty() {
    return open.isEmpty() && reserved.isEmpty();
  }

  @Override
  public void validate(EndpointSpec spec) {}

  @Override
  public synchronized void reserve(String containerId, List<EndpointSpec> endpoints) {
    if (endpoints.isEmpty()) {
      reserved.remove(containerId);
    } else {
      reserved.put(containerId, endpoints);
    }
  }

  @Override
  public synchronized SandboxStatus open(SandboxSpec spec) {
    fault.run();
    boolean shared = spec.mode().kind() == NetworkMode.Kind.CONTAINER;
    List<SandboxStatus.PortMapping> ports = new ArrayList<>();
    spec.ports()
        .published()
        .forEach(port ->
            ports.add(new SandboxStatus.PortMapping(port.port(), "0.0.0.0", port.hostPortFirst())));
    SandboxStatus status =
        new SandboxStatus(
            shared ? "" : "sandbox-" + spec.containerId(),
            spec.containerId(),
            shared ? "" : "/run/netns/" + spec.containerId(),
            spec.mode().kind() == NetworkMode.Kind.HOST
                ? null
                : Path.of("/run/netns/" + spec.containerId()),
            List.of(),
            ports,
            new SandboxStatus.Files("127.0.0.1\tlocalhost\n", "nameserver 127.0.0.11\n"));
    open.put(spec.containerId(), status);
    return status;
  }

  @Override
  public synchronized SandboxStatus connect(String containerId, EndpointSpec spec) {
    return find(containerId).orElseThrow();
  }

  @Override
  public synchronized SandboxStatus disconnect(String containerId, String networkReference) {
    return find(containerId).orElseThrow();
  }

  @Override
  public synchronized SandboxStatus rename(String containerId, String newName) {
    return find(containerId).orElseThrow();
  }

  @Override
  public synchronized Optional<SandboxStatus> find(String containerId) {
    return Optional.ofNullable(open.get(containerId));
  }

  @Override
  public synchronized List<SandboxStatus> list() {
    return List.copyOf(open.values());
  }

  @Override
  public synchronized void close(String containerId) {
    open.remove(containerId);
  }

  @Override
  public synchronized void restore(Set<String> running) {
    open.keySet().retainAll(running);
  }
}
