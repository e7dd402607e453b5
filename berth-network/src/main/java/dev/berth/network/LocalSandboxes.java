package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.core.UndoStack;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.link.SandboxNamespace;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sandboxes of this host's containers. */
final class LocalSandboxes implements Sandboxes {
  private final NetworkRegistry registry;
  private final Returns returns;
  private final SandboxParts parts;
  private final SandboxSetup setup;
  private final SandboxChanges changes;
  private final RuleRestore rules;
  private final NetworkEvents events;
  private final Reservations reservations;
  private final Map<String, Sandbox> open = new ConcurrentHashMap<>();
  private final LostBridges bridges;
  private volatile LinkKernel.@Nullable LinkWatch watch;

  /**
   * What sandboxes need of other networks than their own.
   *
   * @param returns gives back what plugins hold for nobody
   * @param gatewayNetwork the way out where no network is
   */
  record Surroundings(Returns returns, GatewayNetwork gatewayNetwork) {}

  LocalSandboxes(
      NetworkServices services,
      NetworkRegistry registry,
      NetworkSettings settings,
      Surroundings surroundings) {
    this.registry = registry;
    this.returns = surroundings.returns();
    this.parts = SandboxParts.of(services, registry, settings, open::get, this::bridgeAddresses);
    this.setup = new SandboxSetup(parts, surroundings.gatewayNetwork());
    this.changes = new SandboxChanges(parts);
    this.rules = new RuleRestore(parts, new HostForwarding(services, settings.ipForward()));
    this.events = new NetworkEvents(services.events(), services.clock());
    this.reservations = new Reservations(registry);
    this.bridges = new LostBridges(services, registry, open::values);
  }

  @Override
  public void validate(EndpointSpec spec) {
    EndpointValidation.check(spec, registry.find(spec.network()).network());
  }

  @Override
  public void reserve(String containerId, List<EndpointSpec> wishes) {
    reservations.replace(containerId, wishes);
  }

  @Override
  public SandboxStatus open(SandboxSpec spec) {
    if (spec.mode().kind() == NetworkMode.Kind.CONTAINER) {
      return shared(spec);
    }
    return KernelRefusal.translate(() -> {
      try (UndoStack undo = new UndoStack("open sandbox of " + spec.name())) {
        Sandbox sandbox = setup.open(spec, undo);
        parts.commit(sandbox, sandbox.state());
        undo.commit();
        open.put(spec.containerId(), sandbox);
        for (Endpoint endpoint : sandbox.state().endpoints()) {
          events.endpoint("connect", endpoint.network().network(), spec.containerId());
        }
        return status(sandbox);
      }
    });
  }

  private SandboxStatus shared(SandboxSpec spec) {
    String owner = spec.mode().containerId();
    Sandbox sandbox = open.get(owner);
    if (sandbox == null) {
      throw EngineException.conflict(
          "cannot join network namespace of a non running container: " + Ids.shortId(owner));
    }
    sandbox.markShared();
    SandboxStatus status = status(sandbox);
    return new SandboxStatus(
        "", spec.containerId(), "", status.namespace(), List.of(), List.of(), status.files());
  }

  @Override
  public SandboxStatus connect(String containerId, EndpointSpec wish) {
    NetworkEntry network = registry.find(wish.network());
    return change(
        containerId,
        sandbox -> {
          changes.connect(sandbox, network, wish);
          events.endpoint("connect", network.network(), containerId);
        });
  }

  @Override
  public SandboxStatus disconnect(String containerId, String networkReference) {
    NetworkEntry network = registry.find(networkReference);
    return change(
        containerId,
        sandbox -> {
          changes.disconnect(sandbox, network);
          events.endpoint("disconnect", network.network(), containerId);
        });
  }

  @Override
  public SandboxStatus rename(String containerId, String newName) {
    return change(containerId, sandbox -> changes.rename(sandbox, newName));
  }

  private interface Change {
    void apply(Sandbox sandbox);
  }

  private SandboxStatus change(String containerId, Change change) {
    Sandbox sandbox = open.get(containerId);
    if (sandbox == null) {
      throw EngineException.conflict("container " + containerId + " has no open sandbox");
    }
    sandbox.lock().lock();
    try {
      if (sandbox.isClosed()) {
        throw EngineException.conflict("container " + containerId + " has no open sandbox");
      }
      return KernelRefusal.translate(() -> {
        change.apply(sandbox);
        return status(sandbox);
      });
    } finally {
      sandbox.lock().unlock();
    }
  }

  @Override
  public Optional<SandboxStatus> find(String containerId) {
    return Optional.ofNullable(open.get(containerId)).map(this::status);
  }

  @Override
  public List<SandboxStatus> list() {
    return open.values().stream().map(this::status).toList();
  }

  private SandboxStatus status(Sandbox sandbox) {
    Sandbox.State state = sandbox.state();
    boolean onHost = state.spec().mode().kind() == NetworkMode.Kind.HOST;
    @Nullable Path namespace = onHost ? null : Path.of(sandbox.key());
    return new SandboxStatus(
        sandbox.id(),
        sandbox.containerId(),
        sandbox.key(),
        namespace,
        state.endpoints().stream()
            .map(Endpoint::status)
            .filter(status -> !GatewayNetwork.isSilent(status.spec()))
            .toList(),
        PublishedPorts.shown(state),
        state.files());
  }

  private List<InetAddress> bridgeAddresses(String containerId) {
    Sandbox sandbox = open.get(containerId);
    return sandbox == null
        ? List.of()
        : sandbox.state().endpoints().stream()
            .filter(endpoint -> endpoint.network().isDefaultBridge())
            .flatMap(endpoint -> endpoint.addresses().stream())
            .toList();
  }

  @Override
  public void close(String containerId) {
    Sandbox sandbox = open.get(containerId);
    if (sandbox == null) {
      return;
    }
    sandbox.lock().lock();
    try {
      if (!sandbox.isClosed()) {
        sandbox.markClosed();
        setup.tearDown(sandbox);
        open.remove(containerId, sandbox);
      }
    } finally {
      sandbox.lock().unlock();
    }
    for (Endpoint endpoint : sandbox.state().endpoints()) {
      events.endpoint("disconnect", endpoint.network().network(), containerId);
    }
  }

  @Override
  public void restore(Set<String> running) {
    new SandboxRestore(parts.services(), registry, parts.files(), parts.namespaces())
        .run(running, open);
    bridges.attachAll();
    returns.start(
        registry,
        open.values().stream().flatMap(sandbox -> sandbox.state().endpoints().stream()).toList());
    rules.run(open.values());
    watch = bridges.watch();
    open.values().forEach(setup::serveNames);
  }

  /** Lets go of what serves containers in this process; their namespaces stay. */
  void closeAll() {
    LinkKernel.LinkWatch watching = watch;
    if (watching != null) {
      watching.close();
    }
    for (Sandbox sandbox : open.values()) {
      SandboxNamespace namespace = sandbox.namespace();
      if (namespace != null) {
        namespace.close();
      }
    }
    open.clear();
  }
}
