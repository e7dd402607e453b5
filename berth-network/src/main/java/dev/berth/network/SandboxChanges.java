package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.core.UndoStack;
import dev.berth.network.link.SandboxNamespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Changes sandboxes while their containers run. The sandbox's lock is held. */
final class SandboxChanges {
  private final SandboxParts parts;

  SandboxChanges(SandboxParts parts) {
    this.parts = parts;
  }

  /** Adds an endpoint. */
  void connect(Sandbox sandbox, NetworkEntry network, EndpointSpec wish) {
    try (UndoStack undo = new UndoStack("connect to " + network.network().name())) {
      Sandbox.State after = connect(sandbox, network, wish, undo);
      parts.commit(sandbox, after);
      undo.commit();
    }
  }

  private Sandbox.State connect(
      Sandbox sandbox, NetworkEntry network, EndpointSpec wish, UndoStack undo) {
    Sandbox.State before = sandbox.state();
    SandboxSpec spec = before.spec();
    SandboxNamespace namespace = sandbox.namespace(parts.services().kernel());
    EndpointFactory.Names taken =
        EndpointFactory.Names.of(Path.of(sandbox.key()), namespace.interfaces(), true);
    Endpoint planned = parts.endpoints().create(network, wish, spec, taken, undo);
    List<Endpoint> all = new ArrayList<>(before.endpoints());
    all.add(planned);
    String name = planned.status().interfaceName();
    undo.push("take out " + name, () -> SandboxInterfaces.takeOut(namespace, planned));
    Endpoint endpoint =
        SandboxInterfaces.insert(namespace, List.of(planned), Gateways.among(all).routes(), false)
            .getFirst();
    all.set(all.size() - 1, endpoint);
    network.update(sandbox.containerId(), endpoint.attachment(spec.name()));
    List<EndpointSpec> wishes = new ArrayList<>(spec.endpoints());
    wishes.add(wish);
    Sandbox.State after = before.withEndpoints(spec.withEndpoints(wishes), all);
    undo.push("withdraw names", () -> parts.names().unregister(endpoint));
    undo.push("see fewer names", () -> parts.names().update(sandbox, after, before));
    parts.names().update(sandbox, before, after);
    parts.names().register(endpoint);
    Sandbox.State moved = moveGateway(sandbox, before, after, undo);
    WaysOut.describe(List.of(endpoint));
    SandboxInterfaces.announce(namespace, List.of(endpoint));
    return moved.withFiles(parts.files().of(after.spec(), after.endpoints()));
  }

  /** Published ports follow the way out. */
  private Sandbox.State moveGateway(
      Sandbox sandbox, Sandbox.State before, Sandbox.State after, UndoStack undo) {
    Gateways old = Gateways.among(before.endpoints());
    Gateways now = Gateways.among(after.endpoints());
    if (old.sameAs(now)) {
      return after;
    }
    SandboxNamespace namespace = sandbox.namespace(parts.services().kernel());
    undo.push("restore default routes", () -> namespace.replaceDefaultRoutes(old.routes()));
    namespace.replaceDefaultRoutes(now.routes());
    WaysOut.move(old, now, after.spec(), undo);
    undo.push("restore ports", () -> parts.ports().move(before.spec(), before.ports(), old));
    return after.withPorts(parts.ports().move(after.spec(), before.ports(), now));
  }

  /** Takes an endpoint away. */
  void disconnect(Sandbox sandbox, NetworkEntry network) {
    Sandbox.State before = sandbox.state();
    String networkId = network.network().id();
    Endpoint leaving =
        before.endpoints().stream()
            .filter(endpoint -> endpoint.status().networkId().equals(networkId))
            .findFirst()
            .orElseThrow(() ->
                EngineException.internal(
                    "container %s is not connected to network %s"
                        .formatted(sandbox.containerId(), network.network().name()),
                    null));
    List<Endpoint> left = before.endpoints().stream().filter(e -> !e.equals(leaving)).toList();
    List<EndpointSpec> wishes =
        left.stream()
            .map(endpoint -> endpoint.status().spec())
            .filter(wish -> !GatewayNetwork.isSilent(wish))
            .toList();
    Sandbox.State after = before.withEndpoints(before.spec().withEndpoints(wishes), left);
    SandboxNamespace namespace = sandbox.namespace(parts.services().kernel());
    try (UndoStack undo = new UndoStack("disconnect from " + network.network().name())) {
      undo.push("restore names", () -> parts.names().register(leaving));
      parts.names().unregister(leaving);
      undo.push("see more names", () -> parts.names().update(sandbox, after, before));
      parts.names().update(sandbox, before, after);
      Sandbox.State moved = moveGateway(sandbox, before, after, undo);
      parts.commit(sandbox, moved.withFiles(parts.files().of(moved.spec(), left)));
      undo.commit();
    }
    TearDown.run(
        "interface of " + sandbox.containerId(),
        List.of(
            () -> SandboxInterfaces.takeOut(namespace, leaving),
            () -> EndpointFactory.release(leaving, sandbox.containerId())));
  }

  /** Gives the container another name on all its networks. */
  void rename(Sandbox sandbox, String newName) {
    Sandbox.State before = sandbox.state();
    SandboxSpec spec = before.spec().withName(newName);
    List<Endpoint> renamed =
        before.endpoints().stream().map(endpoint -> rename(endpoint, spec)).toList();
    parts.commit(sandbox, before.withEndpoints(spec, renamed));
    renamed.forEach(parts.names()::register);
    renamed.forEach(
        endpoint -> endpoint.network().update(sandbox.containerId(), endpoint.attachment(newName)));
  }

  private static Endpoint rename(Endpoint endpoint, SandboxSpec spec) {
    return endpoint.status().dnsNames().isEmpty()
        ? endpoint
        : endpoint.withDnsNames(EndpointNames.of(spec, endpoint.status().spec().aliases()));
  }
}
