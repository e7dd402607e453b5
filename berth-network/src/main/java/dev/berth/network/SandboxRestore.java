package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.network.ipam.IpText;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes over, at the start of the engine, what an earlier life of it has left. */
final class SandboxRestore {
  private static final System.Logger LOG = System.getLogger(SandboxRestore.class.getName());

  private final NetworkServices services;
  private final NetworkRegistry registry;
  private final SandboxFiles files;
  private final Path namespaces;

  SandboxRestore(
      NetworkServices services, NetworkRegistry registry, SandboxFiles files, Path namespaces) {
    this.services = services;
    this.registry = registry;
    this.files = files;
    this.namespaces = namespaces;
  }

  /** Takes over the sandboxes of containers that run, and removes all others. */
  void run(Set<String> running, Map<String, Sandbox> open) {
    List<String> gone = new ArrayList<>();
    for (SandboxRecord sandbox :
        services.store().view(tx -> tx.all(NetworkTables.SANDBOXES)).values()) {
      String containerId = sandbox.spec().containerId();
      if (running.contains(containerId) && isAlive(sandbox)) {
        open.put(containerId, adopt(sandbox));
      } else {
        gone.add(containerId);
      }
    }
    services
        .store()
        .update(tx -> {
          gone.forEach(id -> tx.remove(NetworkTables.SANDBOXES, id));
          return true;
        });
    TearDown.run("left-over namespaces", List.of(() -> sweepNamespaces(open)));
  }

  private boolean isAlive(SandboxRecord sandbox) {
    if (sandbox.spec().mode().kind() == NetworkMode.Kind.HOST) {
      return true;
    }
    return services.kernel().isNamespace(Path.of(sandbox.key()));
  }

  private Sandbox adopt(SandboxRecord sandbox) {
    SandboxSpec spec = sandbox.spec();
    List<Endpoint> endpoints = new ArrayList<>();
    for (EndpointStatus status : sandbox.endpoints()) {
      registry
          .byId(status.networkId())
          .ifPresent(network -> endpoints.add(adopt(network, status, sandbox)));
    }
    Sandbox.State state =
        new Sandbox.State(spec, endpoints, sandbox.ports(), files.of(spec, endpoints));
    Sandbox adopted = new Sandbox(sandbox.id(), sandbox.key(), state, null);
    // Nothing says who joined it in the engine's earlier life.
    adopted.markShared();
    return adopted;
  }

  private static Endpoint adopt(
      NetworkEntry network, EndpointStatus status, SandboxRecord sandbox) {
    EndpointAddresses addresses =
        new EndpointAddresses(
            status.macAddress(),
            EndpointFactory.interfaceAddress(status.ipv4()),
            EndpointFactory.interfaceAddress(status.ipv6()));
    JoinAnswer join =
        network
            .driver()
            .join(
                new JoinRequest(
                    network.network(),
                    status.id(),
                    addresses,
                    Path.of(sandbox.key()),
                    status.spec().driverOptions()));
    Endpoint endpoint = new Endpoint(network, status, join);
    SandboxSpec spec = sandbox.spec();
    network.attach(spec.containerId(), endpoint.attachment(spec.name()));
    for (String address : List.of(status.ipv4().address(), status.ipv6().address())) {
      IpText.parse(address).ifPresent(known -> retake(network, known));
    }
    return endpoint;
  }

  private static void retake(NetworkEntry network, InetAddress address) {
    try {
      network.addresses().retake(address);
    } catch (EngineException twice) {
      LOG.log(System.Logger.Level.WARNING, "address {0} is in use twice", address);
    }
  }

  private void sweepNamespaces(Map<String, Sandbox> open) {
    Set<String> kept = new HashSet<>();
    open.values().forEach(sandbox -> kept.add(sandbox.key()));
    for (Path pinned : services.kernel().pinnedNamespaces(namespaces)) {
      if (!kept.contains(pinned.toString())) {
        services.kernel().removeNamespace(pinned);
      }
    }
  }
}
