package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.network.ipam.AddressSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * A network at work: its record and what is derived from it. Who is on it is kept here, so that a
 * network is not removed under an endpoint, nor an endpoint made on a network that goes.
 */
final class NetworkEntry {
  private enum State {
    PENDING,
    READY,
    REMOVING
  }

  private final NetworkDriver driver;
  private final AddressSource addresses;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, NetworkStatus.Attachment> attachments = new LinkedHashMap<>();
  private volatile NetworkRecord network;
  private volatile NetworkPlan plan;
  private State state = State.PENDING;

  NetworkEntry(NetworkPlan plan, NetworkDriver driver, AddressSource addresses) {
    this.network = plan.network();
    this.plan = plan;
    this.driver = driver;
    this.addresses = addresses;
  }

  NetworkRecord network() {
    return network;
  }

  NetworkPlan plan() {
    return plan;
  }

  NetworkDriver driver() {
    return driver;
  }

  AddressSource addresses() {
    return addresses;
  }

  /** Whether it is the default bridge, the one network whose containers have no names. */
  boolean isDefaultBridge() {
    return network.predefined() && network.name().equals(PredefinedNetworks.BRIDGE);
  }

  /** Whether the embedded name server answers here. */
  boolean hasNames() {
    return driver.capability().dns()
        && !isDefaultBridge()
        && !network.name().equals(GatewayNetwork.NAME);
  }

  /** Whether interfaces on it may have IPv6 addresses. */
  boolean mayHaveIpv6() {
    return network.ipv6() || (driver instanceof OutsideDriver outside && outside.bringsIpv6());
  }

  /** From now on it is found and can have endpoints. */
  void ready(NetworkRecord complete) {
    lock.lock();
    try {
      network = complete;
      plan = new NetworkPlan(complete, plan.links(), plan.firewall());
      state = State.READY;
    } finally {
      lock.unlock();
    }
  }

  boolean isReady() {
    lock.lock();
    try {
      return state == State.READY;
    } finally {
      lock.unlock();
    }
  }

  /** Begins to make an endpoint of a container. */
  void attach(String containerId, NetworkStatus.Attachment attachment) {
    lock.lock();
    try {
      if (state != State.READY) {
        throw EngineException.notFound("network " + network.id() + " not found");
      }
      if (network.spec().flags().configOnly()) {
        throw EngineException.forbidden("cannot create endpoint on configuration-only network");
      }
      if (attachments.containsKey(containerId)) {
        throw EngineException.forbidden(
            "endpoint with name %s already exists in network %s"
                .formatted(attachment.containerName(), network.name()));
      }
      attachments.put(containerId, attachment);
    } finally {
      lock.unlock();
    }
  }

  /** Replaces what is known of an endpoint; one that is gone stays gone. */
  void update(String containerId, NetworkStatus.Attachment attachment) {
    lock.lock();
    try {
      attachments.replace(containerId, attachment);
    } finally {
      lock.unlock();
    }
  }

  /** The endpoint is gone. */
  void detach(String containerId) {
    lock.lock();
    try {
      attachments.remove(containerId);
    } finally {
      lock.unlock();
    }
  }

  Map<String, NetworkStatus.Attachment> attachments() {
    lock.lock();
    try {
      return new LinkedHashMap<>(attachments);
    } finally {
      lock.unlock();
    }
  }

  /**
   * From now on it is not found and gets no endpoint.
   *
   * @throws EngineException where it has endpoints, or is being removed already
   */
  void beginRemoval() {
    lock.lock();
    try {
      if (state != State.READY) {
        throw EngineException.notFound("network " + network.name() + " not found");
      }
      if (!attachments.isEmpty()) {
        String endpoints =
            attachments.values().stream()
                .map(endpoint ->
                    "name:\"%s\" id:\"%s\""
                        .formatted(endpoint.containerName(), Ids.shortId(endpoint.endpointId())))
                .collect(Collectors.joining(", "));
        throw EngineException.forbidden(
            "error while removing network: network %s has active endpoints (%s)"
                .formatted(network.name(), endpoints));
      }
      state = State.REMOVING;
    } finally {
      lock.unlock();
    }
  }

  /** The removal failed: it is back. */
  void cancelRemoval() {
    lock.lock();
    try {
      state = State.READY;
    } finally {
      lock.unlock();
    }
  }
}
