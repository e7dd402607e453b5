package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.network.dns.DnsAttachment;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.link.SandboxNamespace;
import dev.berth.network.ports.PortBinding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An open sandbox at work. Whoever changes it holds its lock for as long as the change takes, so
 * that operations on one container follow each other; readers see the last complete state.
 */
final class Sandbox {
  /**
   * What is true of it at one time.
   *
   * @param spec what was asked
   * @param endpoints in the order they were joined
   * @param ports what is published
   * @param files texts for the container
   */
  record State(
      SandboxSpec spec,
      List<Endpoint> endpoints,
      List<PortBinding> ports,
      SandboxStatus.Files files) {
    State {
      endpoints = List.copyOf(endpoints);
      ports = List.copyOf(ports);
    }

    /** The same with more or fewer endpoints. */
    State withEndpoints(SandboxSpec newSpec, List<Endpoint> newEndpoints) {
      return new State(newSpec, newEndpoints, ports, files);
    }

    /** The same with other ports. */
    State withPorts(List<PortBinding> newPorts) {
      return new State(spec, endpoints, newPorts, files);
    }

    /** The same with other texts. */
    State withFiles(SandboxStatus.Files newFiles) {
      return new State(spec, endpoints, ports, newFiles);
    }
  }

  private final String id;
  private final String key;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable SandboxNamespace namespace;
  private volatile State state;
  private boolean closed;
  private volatile boolean shared;

  Sandbox(String id, String key, State state, @Nullable SandboxNamespace namespace) {
    this.id = id;
    this.key = key;
    this.state = state;
    this.namespace = namespace;
  }

  String id() {
    return id;
  }

  /** The pinned namespace's path. */
  String key() {
    return key;
  }

  String containerId() {
    return state.spec().containerId();
  }

  ReentrantLock lock() {
    return lock;
  }

  State state() {
    return state;
  }

  void become(State next) {
    state = next;
  }

  /** Whether it is closed; only read under the lock. */
  boolean isClosed() {
    return closed;
  }

  void markClosed() {
    closed = true;
  }

  /** Whether other containers may live in its namespace, so that it can outlive this sandbox. */
  boolean isShared() {
    return shared;
  }

  void markShared() {
    shared = true;
  }

  @Nullable SandboxNamespace namespace() {
    return namespace;
  }

  /**
   * The namespace, opened where an earlier life of the engine has made it; needs the lock.
   *
   * @throws EngineException of kind CONFLICT where it is gone
   */
  SandboxNamespace namespace(LinkKernel kernel) {
    SandboxNamespace held = namespace;
    if (held == null) {
      held =
          kernel
              .openNamespace(Path.of(key))
              .orElseThrow(() -> EngineException.conflict("no network namespace at " + key));
      namespace = held;
    }
    return held;
  }

  /** Whether the embedded name server serves it: it has a network with names. */
  static boolean hasNames(List<Endpoint> endpoints) {
    return endpoints.stream().anyMatch(endpoint -> endpoint.network().hasNames());
  }

  /** Whether it reaches IPv6 addresses. */
  static boolean hasIpv6(List<Endpoint> endpoints) {
    return endpoints.stream().anyMatch(endpoint -> endpoint.status().ipv6().present());
  }

  /** The container's own resolver settings, or those that its networks bring. */
  static NetworkSettings.DnsSettings resolver(SandboxSpec spec, List<Endpoint> endpoints) {
    List<String> servers = new ArrayList<>(spec.dns().servers());
    List<String> search = new ArrayList<>(spec.dns().search());
    List<String> options = new ArrayList<>(spec.dns().options());
    for (Endpoint endpoint : endpoints) {
      JoinAnswer.Inside inside = endpoint.join().inside();
      if (inside != null) {
        addIfOwnIsEmpty(servers, spec.dns().servers(), inside.dns().servers());
        addIfOwnIsEmpty(search, spec.dns().search(), inside.dns().search());
        addIfOwnIsEmpty(options, spec.dns().options(), inside.dns().options());
      }
    }
    return new NetworkSettings.DnsSettings(servers, search, options);
  }

  private static void addIfOwnIsEmpty(List<String> to, List<String> own, List<String> brought) {
    if (own.isEmpty()) {
      to.addAll(brought);
    }
  }

  /** The networks whose names it sees. */
  static List<DnsAttachment> attachments(List<Endpoint> endpoints) {
    List<DnsAttachment> attachments = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      if (endpoint.network().hasNames()) {
        EndpointStatus status = endpoint.status();
        Map<String, String> links = EndpointNames.links(status.spec().links());
        attachments.add(
            new DnsAttachment(
                status.networkId(),
                status.networkName(),
                links,
                NameOptions.ttlSeconds(endpoint.network().network())));
      }
    }
    return attachments;
  }

  SandboxRecord toRecord(State of) {
    return new SandboxRecord(
        id, of.spec(), key, of.endpoints().stream().map(Endpoint::status).toList(), of.ports());
  }
}
