package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.Container.Files;
import dev.berth.engine.Container.Size;
import dev.berth.engine.ContainerStatus.Address;
import dev.berth.engine.ContainerStatus.Endpoint;
import dev.berth.engine.HostOptions.PortBinding;
import dev.berth.image.FilesystemUsage;
import dev.berth.image.Image;
import dev.berth.network.EndpointStatus;
import dev.berth.network.SandboxStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks at containers: what is stored, joined with what is observed. */
final class ContainerViews {
  private final Features features;
  private final Function<String, List<String>> execIds;

  /**
   * @param execIds live exec instances by the container's id
   */
  ContainerViews(Features features, Function<String, List<String>> execIds) {
    this.features = features;
    this.execIds = execIds;
  }

  Container view(LiveContainer container, boolean size) {
    ContainerRecord definition = container.definition();
    ContainerStatus status = container.status();
    Optional<SandboxStatus> sandbox =
        ContainerState.hasProcess(status.state())
            ? features.sandboxes().find(definition.id())
            : Optional.empty();
    return new Container(
        definition,
        sandbox.map(open -> observed(status, open)).orElse(status),
        container.health(),
        imageReference(definition),
        sandbox.map(open -> ports(definition, open)).orElse(Map.of()),
        execIds.apply(definition.id()),
        files(container),
        size ? size(definition) : null);
  }

  private String imageReference(ContainerRecord definition) {
    String reference = definition.effective().config().image();
    try {
      Image image = features.images().apply(reference);
      return image.id().toString().equals(definition.imageId()) ? reference : definition.imageId();
    } catch (EngineException gone) {
      return reference;
    }
  }

  private static ContainerStatus observed(ContainerStatus status, SandboxStatus sandbox) {
    ContainerStatus joined = ContainerSandboxes.joined(status, sandbox);
    Map<String, Endpoint> endpoints = new LinkedHashMap<>(joined.endpoints());
    for (EndpointStatus endpoint : sandbox.endpoints()) {
      endpoints.computeIfPresent(
          endpoint.networkName(), (name, wanted) -> observed(wanted, endpoint));
    }
    return joined.withEndpoints(endpoints);
  }

  private static Endpoint observed(Endpoint wanted, EndpointStatus endpoint) {
    return new Endpoint(
        wanted.spec(),
        endpoint.networkId(),
        endpoint.id(),
        address(endpoint.ipv4()),
        address(endpoint.ipv6()),
        endpoint.macAddress(),
        endpoint.dnsNames().isEmpty() ? null : endpoint.dnsNames());
  }

  private static Address address(EndpointStatus.Address address) {
    return new Address(address.address(), address.prefixLength(), address.gateway());
  }

  /** Every exposed port; null where it is not published. */
  private static Map<String, @Nullable List<PortBinding>> ports(
      ContainerRecord definition, SandboxStatus sandbox) {
    Map<String, @Nullable List<PortBinding>> ports = new LinkedHashMap<>();
    boolean own = !sandbox.id().isEmpty() && !sandbox.endpoints().isEmpty();
    if (own) {
      for (dev.berth.network.SandboxSpec.Port port :
          SandboxPlan.ports(definition.effective()).exposed()) {
        ports.put(port.number() + "/" + port.protocol(), null);
      }
    }
    for (SandboxStatus.PortMapping mapping : sandbox.ports()) {
      String key = mapping.port().number() + "/" + mapping.port().protocol();
      List<PortBinding> before = ports.get(key);
      List<PortBinding> bindings = new ArrayList<>(before == null ? List.of() : before);
      bindings.add(new PortBinding(mapping.hostIp(), Integer.toString(mapping.hostPort())));
      ports.put(key, bindings);
    }
    return ports;
  }

  private Files files(LiveContainer container) {
    ContainerRecord definition = container.definition();
    ContainerDirectory directory = ContainerDirectory.of(features.settings(), definition.id());
    boolean made = java.nio.file.Files.exists(directory.hosts());
    boolean logged = LogRules.readable(definition.effective().host().lifecycle().log());
    Map<String, String> graph = Map.of();
    try {
      graph = features.roots().find(definition.id()).data();
    } catch (EngineException gone) {
      // A container that is half removed has no root any more.
    }
    return new Files(
        directory.path().toString(),
        made ? directory.hostname().toString() : "",
        made ? directory.hosts().toString() : "",
        made ? directory.resolvConf().toString() : "",
        logged ? directory.log().toString() : "",
        graph);
  }

  /** Of a container that is removed meanwhile nothing is left. */
  private Size size(ContainerRecord definition) {
    try {
      FilesystemUsage usage = features.roots().usage(definition.id());
      return new Size(usage.writableBytes(), usage.totalBytes());
    } catch (EngineException gone) {
      Quietly.note("measuring " + definition.id(), gone);
      return new Size(0, 0);
    }
  }
}
