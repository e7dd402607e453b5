package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.core.UndoStack;
import dev.berth.network.firewall.FirewallBackend;
import dev.berth.network.firewall.FirewallLink;
import dev.berth.network.firewall.FirewallNetwork;
import dev.berth.network.firewall.FirewallState;
import dev.berth.network.firewall.PublishedPort;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.link.LinkSource;
import dev.berth.network.link.SandboxNamespace;
import dev.berth.network.link.SandboxSysctls;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sandboxes of this host's containers. */
final class LocalSandboxes implements Sandboxes {
  private final NetworkServices services;
  private final NetworkRegistry registry;
  private final Returns returns;
  private final GatewayNetwork gatewayNetwork;
  private final Path namespaces;
  private final SandboxNames names;
  private final SandboxFiles files;
  private final PublishedPorts ports;
  private final LegacyLinks links;
  private final HostForwarding forwarding;
  private final NetworkEvents events;
  private final Reservations reservations;
  private final EndpointFactory endpoints;
  private final Ids ids;
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
    this.services = services;
    this.returns = surroundings.returns();
    this.gatewayNetwork = surroundings.gatewayNetwork();
    this.registry = registry;
    this.namespaces = settings.execRoot().resolve("netns");
    this.names = new SandboxNames(services.dns(), settings.dns());
    this.files = new SandboxFiles(settings, registry, this::bridgeAddresses);
    this.ports = new PublishedPorts(services.ports());
    this.links = new LegacyLinks(services.firewall(), open::get);
    this.forwarding = new HostForwarding(services, settings.ipForward());
    this.events = new NetworkEvents(services.events(), services.clock());
    this.reservations = new Reservations(registry);
    this.ids = new Ids(services.random());
    this.endpoints = new EndpointFactory(services.random());
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
        Sandbox sandbox = open(spec, undo);
        commit(sandbox, sandbox.state());
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

  private Sandbox open(SandboxSpec spec, UndoStack undo) {
    boolean onHost = spec.mode().kind() == NetworkMode.Kind.HOST;
    String id = ids.next();
    Path key = namespaces.resolve(onHost ? "default" : Ids.shortId(id));
    List<NetworkEntry> networks =
        spec.endpoints().stream().map(wish -> registry.find(wish.network())).toList();
    SandboxNamespace namespace = onHost ? null : make(key, sysctls(spec, networks), undo);
    List<Endpoint> endpoints = new ArrayList<>();
    EndpointFactory.Names taken = EndpointFactory.Names.of(key, Set.of(), publishes(networks));
    for (int i = 0; i < networks.size(); i++) {
      endpoints.add(
          this.endpoints.create(networks.get(i), spec.endpoints().get(i), spec, taken, undo));
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
    names.open(sandbox, spec, made);
    made.forEach(names::register);
    undo.push("close links", () -> links.close(made));
    links.open(spec, made);
    WaysOut.move(new Gateways(null, null), gateways, spec, undo);
    WaysOut.describe(made);
    undo.push("unpublish ports", () -> ports.unpublish(spec.containerId()));
    sandbox.become(state.withPorts(ports.publish(spec, Gateways.among(made))));
    return sandbox;
  }

  private void addGateway(
      List<Endpoint> to, SandboxSpec spec, EndpointFactory.Names taken, UndoStack undo) {
    if (GatewayNetwork.isNeeded(to)) {
      NetworkEntry network = gatewayNetwork.require();
      to.add(endpoints.create(network, GatewayNetwork.wish(), spec, taken, undo));
    }
  }

  /** Whether the engine itself publishes ports on one of these. */
  private static boolean publishes(List<NetworkEntry> networks) {
    return networks.stream()
        .anyMatch(network ->
            network.plan().firewall() != null && !network.network().spec().flags().internal());
  }

  private SandboxNamespace make(Path key, Map<String, String> sysctls, UndoStack undo) {
    SandboxNamespace namespace = services.kernel().createNamespace(key, sysctls);
    undo.push("remove namespace", () -> services.kernel().removeNamespace(key));
    undo.push("close namespace", namespace::close);
    return namespace;
  }

  private Sandbox.State state(SandboxSpec spec, List<Endpoint> made) {
    made.forEach(endpoint ->
        endpoint.network().update(spec.containerId(), endpoint.attachment(spec.name())));
    return new Sandbox.State(spec, made, List.of(), files.of(spec, made));
  }

  /** Interfaces that others made must not die with the namespace; all others do. */
  private static void giveBack(SandboxNamespace namespace, List<Endpoint> endpoints) {
    endpoints.stream()
        .filter(endpoint -> endpoint.join().link() instanceof LinkSource.Existing)
        .forEach(endpoint -> SandboxInterfaces.takeOut(namespace, endpoint));
  }

  private void withdraw(Sandbox sandbox, List<Endpoint> made) {
    made.forEach(names::unregister);
    names.shut(sandbox);
  }

  private static Map<String, String> sysctls(SandboxSpec spec, List<NetworkEntry> networks) {
    boolean ipv6 = networks.stream().anyMatch(NetworkEntry::mayHaveIpv6);
    Map<String, String> sysctls = new LinkedHashMap<>(SandboxSysctls.defaults(ipv6));
    spec.sysctls().entrySet().stream()
        .filter(sysctl -> sysctl.getKey().startsWith("net."))
        .forEach(sysctl -> sysctls.put(sysctl.getKey(), sysctl.getValue()));
    return sysctls;
  }

  private void commit(Sandbox sandbox, Sandbox.State state) {
    services
        .store()
        .update(tx -> {
          tx.put(NetworkTables.SANDBOXES, sandbox.containerId(), sandbox.toRecord(state));
          return true;
        });
    sandbox.become(state);
  }

  @Override
  public SandboxStatus connect(String containerId, EndpointSpec wish) {
    NetworkEntry network = registry.find(wish.network());
    return change(
        containerId,
        sandbox -> {
          try (UndoStack undo = new UndoStack("connect to " + network.network().name())) {
            Sandbox.State after = connect(sandbox, network, wish, undo);
            commit(sandbox, after);
            undo.commit();
          }
          events.endpoint("connect", network.network(), containerId);
        });
  }

  private Sandbox.State connect(
      Sandbox sandbox, NetworkEntry network, EndpointSpec wish, UndoStack undo) {
    Sandbox.State before = sandbox.state();
    SandboxSpec spec = before.spec();
    SandboxNamespace namespace = namespace(sandbox);
    EndpointFactory.Names taken =
        EndpointFactory.Names.of(Path.of(sandbox.key()), namespace.interfaces(), true);
    Endpoint planned = endpoints.create(network, wish, spec, taken, undo);
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
    undo.push("withdraw names", () -> names.unregister(endpoint));
    undo.push("see fewer names", () -> names.update(sandbox, after, before));
    names.update(sandbox, before, after);
    names.register(endpoint);
    Sandbox.State moved = moveGateway(sandbox, before, after, undo);
    WaysOut.describe(List.of(endpoint));
    return moved.withFiles(files.of(after.spec(), after.endpoints()));
  }

  /** Published ports follow the way out. */
  private Sandbox.State moveGateway(
      Sandbox sandbox, Sandbox.State before, Sandbox.State after, UndoStack undo) {
    Gateways old = Gateways.among(before.endpoints());
    Gateways now = Gateways.among(after.endpoints());
    if (old.sameAs(now)) {
      return after;
    }
    SandboxNamespace namespace = namespace(sandbox);
    undo.push("restore default routes", () -> namespace.replaceDefaultRoutes(old.routes()));
    namespace.replaceDefaultRoutes(now.routes());
    WaysOut.move(old, now, after.spec(), undo);
    undo.push("restore ports", () -> ports.move(before.spec(), before.ports(), old));
    return after.withPorts(ports.move(after.spec(), before.ports(), now));
  }

  @Override
  public SandboxStatus disconnect(String containerId, String networkReference) {
    NetworkEntry network = registry.find(networkReference);
    return change(
        containerId,
        sandbox -> {
          disconnect(sandbox, network);
          events.endpoint("disconnect", network.network(), containerId);
        });
  }

  private void disconnect(Sandbox sandbox, NetworkEntry network) {
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
    SandboxNamespace namespace = namespace(sandbox);
    try (UndoStack undo = new UndoStack("disconnect from " + network.network().name())) {
      undo.push("restore names", () -> names.register(leaving));
      names.unregister(leaving);
      undo.push("see more names", () -> names.update(sandbox, after, before));
      names.update(sandbox, before, after);
      Sandbox.State moved = moveGateway(sandbox, before, after, undo);
      commit(sandbox, moved.withFiles(files.of(moved.spec(), left)));
      undo.commit();
    }
    TearDown.run(
        "interface of " + sandbox.containerId(),
        List.of(
            () -> SandboxInterfaces.takeOut(namespace, leaving),
            () -> EndpointFactory.release(leaving, sandbox.containerId())));
  }

  @Override
  public SandboxStatus rename(String containerId, String newName) {
    return change(
        containerId,
        sandbox -> {
          Sandbox.State before = sandbox.state();
          SandboxSpec spec = before.spec().withName(newName);
          List<Endpoint> renamed =
              before.endpoints().stream().map(endpoint -> rename(endpoint, spec)).toList();
          commit(sandbox, before.withEndpoints(spec, renamed));
          renamed.forEach(names::register);
          renamed.forEach(
              endpoint -> endpoint.network().update(containerId, endpoint.attachment(newName)));
        });
  }

  private static Endpoint rename(Endpoint endpoint, SandboxSpec spec) {
    return endpoint.status().dnsNames().isEmpty()
        ? endpoint
        : endpoint.withDnsNames(EndpointNames.of(spec, endpoint.status().spec().aliases()));
  }

  private SandboxNamespace namespace(Sandbox sandbox) {
    SandboxNamespace held = sandbox.namespace();
    if (held == null) {
      held =
          services
              .kernel()
              .openNamespace(Path.of(sandbox.key()))
              .orElseThrow(
                  () -> EngineException.conflict("no network namespace at " + sandbox.key()));
      sandbox.hold(held);
    }
    return held;
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
        tearDown(sandbox);
        open.remove(containerId, sandbox);
      }
    } finally {
      sandbox.lock().unlock();
    }
    for (Endpoint endpoint : sandbox.state().endpoints()) {
      events.endpoint("disconnect", endpoint.network().network(), containerId);
    }
  }

  /** Rules before links; what fails is left to the next start of the engine. */
  private void tearDown(Sandbox sandbox) {
    Sandbox.State state = sandbox.state();
    String containerId = sandbox.containerId();
    List<Runnable> steps = new ArrayList<>();
    steps.add(() -> ports.unpublish(containerId));
    steps.add(() -> links.close(state.endpoints()));
    steps.add(() -> withdraw(sandbox, state.endpoints()));
    List<Endpoint> outside =
        state.endpoints().stream()
            .filter(endpoint -> endpoint.network().driver() instanceof OutsideDriver)
            .toList();
    if (!outside.isEmpty()) {
      steps.add(() -> giveBack(namespace(sandbox), outside));
      outside.forEach(endpoint -> steps.add(() -> EndpointFactory.release(endpoint, containerId)));
    }
    if (state.spec().mode().kind() != NetworkMode.Kind.HOST) {
      steps.add(() -> removeNamespace(sandbox));
    }
    state.endpoints().stream()
        .filter(endpoint -> !outside.contains(endpoint))
        .forEach(endpoint -> steps.add(() -> EndpointFactory.release(endpoint, containerId)));
    steps.add(() -> forget(containerId));
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
      services.kernel().removeNamespace(key);
    }
  }

  private @Nullable SandboxNamespace silenced(Sandbox sandbox, Path key) {
    SandboxNamespace held = sandbox.namespace();
    SandboxNamespace namespace =
        held != null ? held : services.kernel().openNamespace(key).orElse(null);
    if (namespace != null) {
      namespace.silence();
    }
    return namespace;
  }

  private void forget(String containerId) {
    services
        .store()
        .update(tx -> {
          tx.remove(NetworkTables.SANDBOXES, containerId);
          return true;
        });
  }

  @Override
  public void restore(Set<String> running) {
    new SandboxRestore(services, registry, files, namespaces).run(running, open);
    bridges.attachAll();
    returns.start(
        registry,
        open.values().stream().flatMap(sandbox -> sandbox.state().endpoints().stream()).toList());
    writeRules();
    watch = bridges.watch();
    open.values().forEach(this::serveNames);
  }

  /**
   * Writes all rules in one transaction, as whatever was there before stays in force until then,
   * and only then lets the host forward.
   */
  private void writeRules() {
    FirewallBackend firewall = services.firewall();
    List<NetworkRecord> records = registry.all().stream().map(NetworkEntry::network).toList();
    Map<String, FirewallNetwork> networks = new LinkedHashMap<>();
    for (NetworkEntry entry : registry.all()) {
      FirewallNetwork rules = entry.plan().firewall();
      if (rules != null) {
        networks.put(rules.id(), rules);
      }
    }
    Set<PublishedPort> published = new LinkedHashSet<>();
    Set<FirewallLink> linked = new LinkedHashSet<>();
    for (Sandbox sandbox : open.values()) {
      Sandbox.State state = sandbox.state();
      published.addAll(services.ports().restore(sandbox.containerId(), state.ports()));
      linked.addAll(links.of(state.spec(), state.endpoints()));
    }
    firewall.apply(
        new FirewallState(
            firewall.state().settings(),
            networks,
            published,
            linked,
            forwarding.closedFor(records)));
    firewall.replaceOthers();
    forwarding.enable(records);
  }

  private void serveNames(Sandbox sandbox) {
    Sandbox.State state = sandbox.state();
    TearDown.run(
        "names of " + sandbox.containerId(),
        List.of(
            () -> names.open(sandbox, state.spec(), state.endpoints()),
            () -> state.endpoints().forEach(names::register)));
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
