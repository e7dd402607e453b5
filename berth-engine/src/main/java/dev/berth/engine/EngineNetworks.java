package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.engine.ContainerStatus.Endpoint;
import dev.berth.network.NetworkFilter;
import dev.berth.network.NetworkRecord;
import dev.berth.network.NetworkSpec;
import dev.berth.network.NetworkStatus;
import dev.berth.network.SandboxStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Networks joined with the containers on them. */
public final class EngineNetworks {

  private static final String PRIVATE_MODE =
      "container cannot be connected to multiple networks with one of the networks in private"
          + " (none) mode";

  private final Features features;
  private final ContainerTable table;

  EngineNetworks(Features features, ContainerTable table) {
    this.features = features;
    this.table = table;
  }

  /** Makes a network. */
  public NetworkRecord create(NetworkSpec spec) {
    return features.networks().create(spec);
  }

  /** Removes a network without endpoints. */
  public void remove(String reference) {
    features.networks().remove(reference);
  }

  /** Finds a network by name, id or a beginning of its id. */
  public NetworkRecord find(String reference) {
    return features.networks().find(reference);
  }

  /** Whether a network has this driver, or its addresses from it; asks no driver. */
  public boolean isDriverUsed(String driver) {
    return features.networks().list(NetworkFilter.ALL).stream()
        .anyMatch(
            network -> network.driver().equals(driver) || network.ipam().driver().equals(driver));
  }

  /** The matching networks. */
  public List<NetworkRecord> list(NetworkFilter filter) {
    return features.networks().list(filter);
  }

  /** A network with its endpoints. */
  public NetworkStatus inspect(String reference) {
    return features.networks().inspect(reference);
  }

  /** Removes the matching networks without endpoints; returns their names. */
  public List<String> prune(NetworkFilter filter) {
    return features.networks().prune(filter);
  }

  /** The names of the kinds of networks known at present. */
  public List<String> driverNames() {
    return features.networks().driverNames();
  }

  /** Attaches a container, whether it runs or not. */
  public void connect(String network, String container, EndpointSpec spec) {
    LiveContainer live = table.require(container);
    NetworkRecord found = features.networks().find(network);
    try (LiveContainer.Held _ = live.hold()) {
      requireConnectable(live);
      requireOpenTo(live, found);
      dev.berth.network.EndpointSpec wish = SandboxPlan.endpoint(found.id(), spec);
      features.sandboxes().validate(wish);
      Map<String, Endpoint> endpoints = new LinkedHashMap<>(live.status().endpoints());
      if (ContainerState.hasProcess(live.state())) {
        SandboxStatus sandbox = features.sandboxes().connect(live.id(), wish);
        refreshFiles(live, sandbox);
      } else if (endpointName(endpoints, found) != null) {
        throw EngineException.forbidden(
            "endpoint with name " + live.name() + " already exists in network " + found.name());
      }
      endpoints.put(found.name(), Endpoint.wanted(spec, found.id()));
      save(live, endpoints);
    }
  }

  /**
   * Detaches a container.
   *
   * @param force also when the container is not known any more
   */
  public void disconnect(String network, String container, boolean force) {
    LiveContainer live = table.find(container);
    if (live == null) {
      throw force
          ? EngineException.notFound("endpoint " + container + " not found")
          : EngineException.notFound("No such container: " + container);
    }
    Optional<NetworkRecord> found = known(network);
    try (LiveContainer.Held _ = live.hold()) {
      requireConnectable(live);
      boolean running = ContainerState.hasProcess(live.state());
      if (running && found.isEmpty() && !force) {
        features.networks().find(network);
      }
      Map<String, Endpoint> endpoints = new LinkedHashMap<>(live.status().endpoints());
      String name = found.map(known -> endpointName(endpoints, known)).orElse(network);
      if (running && found.isPresent()) {
        detach(live, found.get(), endpoints.containsKey(name));
      }
      if (endpoints.remove(name) == null) {
        throw notConnected(live, found.map(NetworkRecord::name).orElse(network));
      }
      save(live, endpoints);
    }
  }

  /** A network that may be gone, as a stopped container still names it then. */
  private Optional<NetworkRecord> known(String network) {
    try {
      return Optional.of(features.networks().find(network));
    } catch (EngineException missing) {
      if (missing.kind() != ErrorKind.NOT_FOUND) {
        throw missing;
      }
      return Optional.empty();
    }
  }

  private void detach(LiveContainer container, NetworkRecord network, boolean attached) {
    boolean onHost = container.spec().host().network().mode().equals("host");
    if (onHost && network.name().equals("host")) {
      throw EngineException.invalid(
          "cannot disconnect container from host network - container was created in host network"
              + " mode");
    }
    if (!attached) {
      throw notConnected(container, network.name());
    }
    refreshFiles(container, features.sandboxes().disconnect(container.id(), network.id()));
  }

  private static EngineException notConnected(LiveContainer container, String network) {
    String to = ContainerState.hasProcess(container.state()) ? " to network " : " to the network ";
    return EngineException.internal(
        "container " + container.id() + " is not connected" + to + network, null);
  }

  private void save(LiveContainer container, Map<String, Endpoint> endpoints) {
    table.save(container, container.status().withEndpoints(endpoints));
    features.sandboxes().reserve(container.id(), SandboxPlan.fixedAddresses(endpoints));
  }

  private static void requireConnectable(LiveContainer container) {
    boolean leaving =
        container.state() instanceof ContainerState.Removing
            || container.state() instanceof ContainerState.Dead;
    if (leaving) {
      throw EngineException.internal(
          "Container "
              + container.id()
              + " is marked for removal and cannot be connected or disconnected to the network",
          null);
    }
  }

  private static void requireOpenTo(LiveContainer container, NetworkRecord network) {
    String mode = container.spec().host().network().mode();
    if (NetworkModeRules.isContainer(mode) || mode.equals("host")) {
      throw EngineException.invalid(
          "container sharing network namespace with another container or host cannot be connected"
              + " to any other network");
    }
    if (network.name().equals("host")) {
      throw EngineException.invalid(
          "container cannot be disconnected from host network or connected to host network");
    }
    boolean alone = container.status().endpoints().containsKey("none");
    boolean becomesAlone =
        network.name().equals("none") && !container.status().endpoints().isEmpty();
    if (alone || becomesAlone) {
      throw EngineException.invalid(PRIVATE_MODE);
    }
  }

  private static @Nullable String endpointName(
      Map<String, Endpoint> endpoints, NetworkRecord network) {
    for (Map.Entry<String, Endpoint> entry : endpoints.entrySet()) {
      boolean same =
          entry.getKey().equals(network.name())
              || entry.getValue().networkId().equals(network.id())
              || entry.getKey().equals(network.id());
      if (same) {
        return entry.getKey();
      }
    }
    return null;
  }

  private void refreshFiles(LiveContainer container, SandboxStatus sandbox) {
    ContainerDirectory directory = ContainerDirectory.of(features.settings(), container.id());
    directory.write(directory.hosts(), sandbox.files().hosts());
    directory.writeResolvConf(sandbox.files().resolvConf());
  }
}
