package dev.berth.network;

import dev.berth.core.Ids;
import dev.berth.core.UndoStack;
import dev.berth.network.link.LinkSource;
import dev.berth.network.link.SandboxNamespace;
import dev.berth.network.link.SandboxSysctls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes sandboxes whole and takes them apart. */
final class SandboxSetup {
  private final SandboxParts parts;
  private final GatewayNetwork gatewayNetwork;

  SandboxSetup(SandboxParts parts, GatewayNetwork gatewayNetwork) {
    this.parts = parts;
    this.gatewayNetwork = gatewayNetwork;
  }

  /** Makes one; the inverse of each step goes onto the stack. */
  Sandbox open(SandboxSpec spec, UndoStack undo) {
    boolean onHost = spec.mode().kind() == NetworkMode.Kind.HOST;
    String id = parts.ids().next();
    Path key = parts.namespaces().resolve(onHost ? "default" : Ids.shortId(id));
    List<NetworkEntry> networks =
        spec.endpoints().stream().map(wish -> parts.registry().find(wish.network())).toList();
    SandboxNamespace namespace = onHost ? null : make(key, sysctls(spec, networks), undo);
    List<Endpoint> endpoints = new ArrayList<>();
    EndpointFactory.Names taken = EndpointFactory.Names.of(key, Set.of(), publishes(networks));
    for (int i = 0; i < networks.size(); i++) {
      endpoints.add(
          parts.endpoints().create(networks.get(i), spec.endpoints().get(i), spec, taken, undo));
    }
    addGateway(endpoints, spec, taken, undo);
    if (namespace == null) {
      return new Sandbox(id, key.toString(), state(spec, endpoints), null);
    }
    Gateways gateways = Gateways.among(endpoints);
    undo.push("take interfaces out", () -> giveBack(namespace, endpoints));
    List<Endpoint> made = SandboxInterfaces.insert(namespace, endpoints, gateways.routes(), true);
    Sandbox.State state = state(spec, made);
    Sandbox sandbox = new Sandbox(id, key.toString(), state, namespace);
    undo.push("withdraw names", () -> withdraw(sandbox, made));
    parts.names().open(sandbox, spec, made);
    made.forEach(parts.names()::register);
    undo.push("close links", () -> parts.links().close(made));
    parts.links().open(spec, made);
    WaysOut.move(new Gateways(null, null), gateways, spec, undo);
    WaysOut.describe(made);
    undo.push("unpublish ports", () -> parts.ports().unpublish(spec.containerId()));
    sandbox.become(state.withPorts(parts.ports().publish(spec, Gateways.among(made))));
    SandboxInterfaces.announce(namespace, made);
    return sandbox;
  }

  private void addGateway(
      List<Endpoint> to, SandboxSpec spec, EndpointFactory.Names taken, UndoStack undo) {
    if (GatewayNetwork.isNeeded(to)) {
      NetworkEntry network = gatewayNetwork.require();
      to.add(parts.endpoints().create(network, GatewayNetwork.wish(), spec, taken, undo));
    }
  }

  /** Whether the engine itself publishes ports on one of these. */
  private static boolean publishes(List<NetworkEntry> networks) {
    return networks.stream()
        .anyMatch(network ->
            network.plan().firewall() != null && !network.network().spec().flags().internal());
  }

  private SandboxNamespace make(Path key, Map<String, String> sysctls, UndoStack undo) {
    SandboxNamespace namespace = parts.services().kernel().createNamespace(key, sysctls);
    undo.push("remove namespace", () -> parts.services().kernel().removeNamespace(key));
    undo.push("close namespace", namespace::close);
    return namespace;
  }

  private Sandbox.State state(SandboxSpec spec, List<Endpoint> made) {
    made.forEach(endpoint ->
        endpoint.network().update(spec.containerId(), endpoint.attachment(spec.name())));
    return new Sandbox.State(spec, made, List.of(), parts.files().of(spec, made));
  }

  /** Interfaces that others made must not die with the namespace; all others do. */
  private static void giveBack(SandboxNamespace namespace, List<Endpoint> endpoints) {
    endpoints.stream()
        .filter(endpoint -> endpoint.join().link() instanceof LinkSource.Existing)
        .forEach(endpoint -> SandboxInterfaces.takeOut(namespace, endpoint));
  }

  private void withdraw(Sandbox sandbox, List<Endpoint> made) {
    made.forEach(parts.names()::unregister);
    parts.names().shut(sandbox);
  }

  private static Map<String, String> sysctls(SandboxSpec spec, List<NetworkEntry> networks) {
    boolean ipv6 = networks.stream().anyMatch(NetworkEntry::mayHaveIpv6);
    Map<String, String> sysctls = new LinkedHashMap<>(SandboxSysctls.defaults(ipv6));
    spec.sysctls().entrySet().stream()
        .filter(sysctl -> sysctl.getKey().startsWith("net."))
        .forEach(sysctl -> sysctls.put(sysctl.getKey(), sysctl.getValue()));
    return sysctls;
  }

  /** Rules before links; what fails is left to the next start of the engine. */
  void tearDown(Sandbox sandbox) {
    Sandbox.State state = sandbox.state();
    String containerId = sandbox.containerId();
    List<Runnable> steps = new ArrayList<>();
    steps.add(() -> parts.ports().unpublish(containerId));
    steps.add(() -> parts.links().close(state.endpoints()));
    steps.add(() -> withdraw(sandbox, state.endpoints()));
    List<Endpoint> outside =
        state.endpoints().stream()
            .filter(endpoint -> endpoint.network().driver() instanceof OutsideDriver)
            .toList();
    if (!outside.isEmpty()) {
      steps.add(() -> giveBack(sandbox.namespace(parts.services().kernel()), outside));
      outside.forEach(endpoint -> steps.add(() -> EndpointFactory.release(endpoint, containerId)));
    }
    if (state.spec().mode().kind() != NetworkMode.Kind.HOST) {
      steps.add(() -> removeNamespace(sandbox));
    }
    state.endpoints().stream()
        .filter(endpoint -> !outside.contains(endpoint))
        .forEach(endpoint -> steps.add(() -> EndpointFactory.release(endpoint, containerId)));
    steps.add(() -> parts.forget(containerId));
    TearDown.run("sandbox of " + containerId, steps);
  }

  private void removeNamespace(Sandbox sandbox) {
    Path key = Path.of(sandbox.key());
    try (SandboxNamespace namespace = silenced(sandbox, key)) {
      if (namespace != null && sandbox.isShared()) {
        // It may live on in containers that joined it; its interfaces do not.
        sandbox.state().endpoints().stream()
            .map(endpoint -> endpoint.status().interfaceName())
            .filter(name -> !name.isEmpty())
            .forEach(namespace::remove);
      }
      parts.services().kernel().removeNamespace(key);
    }
  }

  private @Nullable SandboxNamespace silenced(Sandbox sandbox, Path key) {
    SandboxNamespace held = sandbox.namespace();
    SandboxNamespace namespace =
        held != null ? held : parts.services().kernel().openNamespace(key).orElse(null);
    if (namespace != null) {
      namespace.silence();
    }
    return namespace;
  }

  /** Lets the name server of this life of the engine answer a sandbox of an earlier one. */
  void serveNames(Sandbox sandbox) {
    Sandbox.State state = sandbox.state();
    TearDown.run(
        "names of " + sandbox.containerId(),
        List.of(
            () -> parts.names().open(sandbox, state.spec(), state.endpoints()),
            () -> state.endpoints().forEach(parts.names()::register)));
  }
}
