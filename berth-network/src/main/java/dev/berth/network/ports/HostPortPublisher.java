package dev.berth.network.ports;

import dev.berth.core.EngineException;
import dev.berth.linux.KernelFeature;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.firewall.FirewallBackend;
import dev.berth.network.firewall.FirewallChange.Publish;
import dev.berth.network.firewall.FirewallChange.Unpublish;
import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.firewall.Protocol;
import dev.berth.network.firewall.PublishedPort;
import dev.berth.network.ports.PortPlan.HostAbilities;
import dev.berth.network.ports.PortPlan.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Publishes ports on the real host. */
public final class HostPortPublisher implements PortPublisher {
  private static final System.Logger LOG = System.getLogger(HostPortPublisher.class.getName());

  private final FirewallBackend firewall;
  private final HostAbilities abilities;
  private final PortHolders holders;
  private final Supplier<EphemeralPorts> ephemeralPorts;
  private final ReentrantLock lock = new ReentrantLock();
  private final PortTable table = new PortTable();
  private final Map<String, Publication> published = new HashMap<>();

  /** What a container has, and how the firewall was told of it. */
  private record Publication(List<PortBinding> bindings, List<PublishedPort> translated) {

    static Publication none() {
      return new Publication(List.of(), List.of());
    }

    Publication and(Publication more) {
      return new Publication(join(bindings, more.bindings), join(translated, more.translated));
    }

    private static <T> List<T> join(List<T> some, List<T> others) {
      List<T> all = new ArrayList<>(some);
      all.addAll(others);
      return List.copyOf(all);
    }
  }

  /**
   * @param firewall is told what to translate
   * @param host where the ports are held
   * @param userlandProxy whether the engine itself carries what cannot be translated
   */
  public HostPortPublisher(FirewallBackend firewall, HostNamespace host, boolean userlandProxy) {
    this(
        firewall,
        new PortHolders(host, userlandProxy),
        new HostAbilities(Files.exists(Path.of("/proc/net/if_inet6")), userlandProxy),
        EphemeralPorts::read);
  }

  HostPortPublisher(
      FirewallBackend firewall,
      PortHolders holders,
      HostAbilities abilities,
      Supplier<EphemeralPorts> ephemeralPorts) {
    this.firewall = firewall;
    this.holders = holders;
    this.abilities = abilities;
    this.ephemeralPorts = ephemeralPorts;
  }

  @Override
  public List<PortBinding> publish(String owner, List<PortRequest> requests, PortTargets targets) {
    List<PortPlan> plans =
        requests.stream().map(request -> PortPlan.of(request, targets, abilities)).toList();
    List<PortBinding> bindings = reserve(owner, plans);
    Publication publication = new Publication(bindings, PortRanges.merge(bindings));
    try {
      tell(publication.translated);
    } catch (RuntimeException e) {
      locked(() -> bindings.forEach(this::free));
      throw e;
    }
    locked(() -> published.merge(owner, publication, Publication::and));
    return bindings;
  }

  private void tell(List<PublishedPort> translated) {
    if (!translated.isEmpty()) {
      firewall.change(new Publish(translated));
      holders.forgetUdp(translated);
    }
  }

  private void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  private List<PortBinding> reserve(String owner, List<PortPlan> plans) {
    List<PortBinding> bindings = new ArrayList<>();
    lock.lock();
    try {
      EphemeralPorts range = ephemeralPorts.get();
      for (PortPlan plan : plans) {
        bindings.addAll(reserve(owner, plan, range));
      }
    } catch (RuntimeException e) {
      bindings.forEach(this::free);
      throw e;
    } finally {
      lock.unlock();
    }
    return List.copyOf(bindings);
  }

  private List<PortBinding> reserve(String owner, PortPlan plan, EphemeralPorts range) {
    PortRequest request = plan.request();
    List<Side> onHost = plan.sides().stream().filter(side -> !side.routed()).toList();
    int number = onHost.isEmpty() ? 0 : choose(owner, request, onHost, range);
    List<PortBinding> bindings = new ArrayList<>();
    for (Side side : plan.sides()) {
      bindings.add(
          new PortBinding(
              request.protocol(),
              request.containerPort(),
              side.hostAddress(),
              side.routed() ? 0 : number,
              side.target()));
    }
    return bindings;
  }

  private int choose(String owner, PortRequest request, List<Side> sides, EphemeralPorts range) {
    requireProtocol(request.protocol(), sides.getFirst(), request.firstHostPort());
    int attempts =
        request.ephemeral()
            ? range.last() - range.first() + 1
            : request.lastHostPort() - request.firstHostPort() + 1;
    EngineException failure = EngineException.internal("all ports are allocated", null);
    for (int i = 0; i < attempts; i++) {
      int port =
          request.ephemeral()
              ? table.nextEphemeral(request.protocol(), range)
              : request.firstHostPort() + i;
      try {
        take(owner, request, port, sides);
        return port;
      } catch (EngineException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private void take(String owner, PortRequest request, int port, List<Side> sides) {
    Protocol protocol = request.protocol();
    for (Side side : sides) {
      if (!table.free(protocol, side.hostAddress(), port)) {
        throw PortTable.taken(side.hostAddress(), port);
      }
    }
    try {
      holders.hold(protocol, port, request.containerPort(), sides);
    } catch (IOException e) {
      throw inUse(request, port, sides.getFirst(), e);
    }
    sides.forEach(side -> table.take(protocol, side.hostAddress(), port, owner));
  }

  private static EngineException inUse(
      PortRequest request, int port, Side side, IOException cause) {
    String place =
        Addresses.hostText(side.hostAddress())
            + ":"
            + port
            + ":"
            + Addresses.hostText(side.target().address())
            + ":"
            + request.containerPort()
            + "/"
            + request.protocol().text();
    String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return EngineException.internal("failed to bind host port for " + place + ": " + reason, cause);
  }

  private static void requireProtocol(Protocol protocol, Side side, int port) {
    if (protocol == Protocol.SCTP && !KernelFeature.SCTP.isAvailable()) {
      throw EngineException.internal(
          "error starting userland proxy: failed to listen on "
              + Addresses.hostText(side.hostAddress())
              + ":"
              + port
              + ": protocol not supported (the kernel lacks "
              + KernelFeature.SCTP.requirement()
              + ")",
          null);
    }
  }

  @Override
  public List<PublishedPort> restore(String owner, List<PortBinding> bindings) {
    Publication publication = new Publication(bindings, PortRanges.merge(bindings));
    locked(() -> {
      // As in publishing, the IPv6 wildcard comes first: its socket holds both families.
      bindings.reversed().forEach(binding -> restoreOne(owner, binding));
      published.put(owner, publication);
    });
    return publication.translated;
  }

  /** The container runs and is reached by translation even where the port cannot be held again. */
  private void restoreOne(String owner, PortBinding binding) {
    if (binding.hostPort() == 0) {
      return;
    }
    Side side = new Side(binding.hostAddress(), binding.target());
    try {
      table.take(binding.protocol(), binding.hostAddress(), binding.hostPort(), owner);
      holders.hold(binding.protocol(), binding.hostPort(), binding.containerPort(), List.of(side));
    } catch (EngineException | IOException e) {
      LOG.log(System.Logger.Level.WARNING, "port " + binding.hostPort() + " is not held again", e);
    }
  }

  @Override
  public List<PortBinding> bindings(String owner) {
    lock.lock();
    try {
      return published.getOrDefault(owner, Publication.none()).bindings;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void unpublish(String owner) {
    Publication publication;
    lock.lock();
    try {
      publication = published.getOrDefault(owner, Publication.none());
    } finally {
      lock.unlock();
    }
    if (!publication.translated.isEmpty()) {
      firewall.change(new Unpublish(publication.translated));
      holders.forgetUdp(publication.translated);
    }
    locked(() -> {
      if (published.remove(owner, publication)) {
        publication.bindings.forEach(this::free);
      }
    });
  }

  private void free(PortBinding binding) {
    if (binding.hostPort() != 0) {
      table.release(binding.protocol(), binding.hostAddress(), binding.hostPort());
      holders.release(binding.protocol(), binding.hostPort(), binding.hostAddress());
    }
  }

  @Override
  public void close() {
    locked(holders::close);
  }
}
