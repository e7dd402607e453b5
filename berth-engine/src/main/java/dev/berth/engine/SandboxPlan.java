package dev.berth.engine;

import dev.berth.engine.HostOptions.NetworkOptions;
import dev.berth.engine.HostOptions.PortBinding;
import dev.berth.network.EndpointSpec.StaticAddresses;
import dev.berth.network.NetworkMode;
import dev.berth.network.NetworkSettings.DnsSettings;
import dev.berth.network.SandboxSpec;
import dev.berth.network.SandboxSpec.LegacyLink;
import dev.berth.network.SandboxSpec.Port;
import dev.berth.network.SandboxSpec.PublishedPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says in the network feature's words what a container asks of its network. Pure. */
final class SandboxPlan {
  private SandboxPlan() {}

  /**
   * The networks of a new container with the settings the user gave for them; the one of the
   * network mode first, the others by name.
   */
  static Map<String, EndpointSpec> endpoints(ContainerSpec spec) {
    String mode = NetworkModeRules.effective(spec.host().network().mode());
    if (NetworkModeRules.isContainer(mode) || spec.config().networkDisabled()) {
      return Map.of();
    }
    Map<String, EndpointSpec> asked =
        new TreeMap<>(spec.endpoints() == null ? Map.of() : spec.endpoints());
    Map<String, EndpointSpec> ordered = new LinkedHashMap<>();
    EndpointSpec first = asked.remove(mode);
    if (first == null && mode.equals("bridge")) {
      first = asked.remove("default");
    }
    first = first == null ? EndpointSpec.EMPTY : first;
    ordered.put(mode, withContainerWide(first, spec, mode));
    ordered.putAll(asked);
    return ordered;
  }

  private static EndpointSpec withContainerWide(
      EndpointSpec endpoint, ContainerSpec spec, String mode) {
    String mac = spec.config().identity().macAddress();
    List<String> links = spec.host().network().links();
    boolean linksHere =
        NetworkModeRules.isUserDefined(mode)
            && links != null
            && !links.isEmpty()
            && (endpoint.links() == null || endpoint.links().isEmpty());
    return new EndpointSpec(
        endpoint.addresses(),
        linksHere ? links : endpoint.links(),
        endpoint.aliases(),
        endpoint.macAddress().isEmpty() ? mac : endpoint.macAddress(),
        endpoint.driverOptions(),
        endpoint.gatewayPriority());
  }

  /** One endpoint in the network feature's words. */
  static dev.berth.network.EndpointSpec endpoint(String network, EndpointSpec spec) {
    EndpointSpec.Addresses addresses = spec.addresses();
    return new dev.berth.network.EndpointSpec(
        network,
        addresses == null
            ? StaticAddresses.NONE
            : new StaticAddresses(
                addresses.ipv4(), addresses.ipv6(), orEmpty(addresses.linkLocal())),
        spec.macAddress(),
        orEmpty(spec.aliases()),
        orEmpty(spec.links()),
        spec.driverOptions() == null ? Map.of() : spec.driverOptions(),
        spec.gatewayPriority());
  }

  /** Those of a container's networks in which it has asked for an address. */
  static List<dev.berth.network.EndpointSpec> fixedAddresses(
      Map<String, ContainerStatus.Endpoint> endpoints) {
    List<dev.berth.network.EndpointSpec> fixed = new ArrayList<>();
    endpoints.forEach((name, wanted) -> {
      if (wanted.spec().addresses() != null) {
        fixed.add(wish(name, wanted));
      }
    });
    return fixed;
  }

  private static dev.berth.network.EndpointSpec wish(String name, ContainerStatus.Endpoint wanted) {
    return endpoint(wanted.networkId().isEmpty() ? name : wanted.networkId(), wanted.spec());
  }

  /**
   * The whole sandbox.
   *
   * @param definition the container
   * @param endpoints its networks now, by name, with the ids they had before
   * @param owner the full id of the container whose namespace it shares; null for its own
   * @param links containers it is linked to on the default bridge
   */
  static SandboxSpec sandbox(
      ContainerRecord definition,
      Map<String, ContainerStatus.Endpoint> endpoints,
      @Nullable String owner,
      List<LegacyLink> links) {
    ContainerSpec spec = definition.effective();
    NetworkOptions network = spec.host().network();
    List<dev.berth.network.EndpointSpec> wishes = new ArrayList<>();
    endpoints.forEach((name, wanted) -> wishes.add(wish(name, wanted)));
    Map<String, String> sysctls = new TreeMap<>();
    if (spec.host().namespaces().sysctls() != null) {
      spec.host().namespaces().sysctls().forEach((key, value) -> sysctls.put(key, value));
    }
    sysctls.keySet().removeIf(key -> !key.startsWith("net."));
    return new SandboxSpec(
        definition.id(),
        definition.name(),
        spec.config().identity().hostname(),
        spec.config().identity().domainname(),
        mode(spec, owner),
        wishes,
        new DnsSettings(
            orEmpty(network.dns()), orEmpty(network.dnsSearch()), orEmpty(network.dnsOptions())),
        new SandboxSpec.Hosts(orEmpty(network.extraHosts()), links),
        sysctls,
        ports(spec));
  }

  private static NetworkMode mode(ContainerSpec spec, @Nullable String owner) {
    if (owner != null) {
      return NetworkMode.container(owner);
    }
    if (spec.config().networkDisabled()) {
      return NetworkMode.NONE;
    }
    return switch (NetworkModeRules.effective(spec.host().network().mode())) {
      case "host" -> NetworkMode.HOST;
      case "none" -> NetworkMode.NONE;
      default -> NetworkMode.NETWORKS;
    };
  }

  /**
   * Exposed and published ports. A binding of a port that is not exposed publishes nothing, as in
   * Docker.
   */
  static SandboxSpec.Ports ports(ContainerSpec spec) {
    TreeSet<PortRules.ContainerPort> exposed = new TreeSet<>();
    if (spec.config().exposedPorts() != null) {
      spec.config().exposedPorts().forEach(port -> exposed.add(PortRules.containerPort(port)));
    }
    Map<PortRules.ContainerPort, List<PortBinding>> bindings = new TreeMap<>();
    if (spec.host().network().portBindings() != null) {
      spec.host()
          .network()
          .portBindings()
          .forEach((port, hosts) -> bindings.put(PortRules.containerPort(port), orEmpty(hosts)));
    }
    List<Port> ports = new ArrayList<>();
    List<PublishedPort> published = new ArrayList<>();
    for (PortRules.ContainerPort port : exposed) {
      Port inside = new Port(port.number(), port.protocol());
      ports.add(inside);
      List<PortBinding> hosts = bindings.getOrDefault(port, List.of());
      for (PortBinding host : hosts) {
        PortRules.HostPorts range = PortRules.hostPorts(host.hostPort());
        published.add(new PublishedPort(inside, host.hostAddress(), range.first(), range.last()));
      }
      if (hosts.isEmpty() && spec.host().network().publishAll()) {
        published.add(new PublishedPort(inside, "", 0, 0));
      }
    }
    return new SandboxSpec.Ports(ports, published);
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
