package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.ContainerStatus.Endpoint;
import dev.berth.network.EndpointStatus;
import dev.berth.network.SandboxSpec.LegacyLink;
import dev.berth.network.SandboxStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Joins containers with their network namespaces. */
final class ContainerSandboxes {
  private static final String SETUP = "failed to set up container networking: ";

  private final Features features;
  private final ContainerTable table;

  ContainerSandboxes(Features features, ContainerTable table) {
    this.features = features;
    this.table = table;
  }

  /**
   * A link of the default bridge.
   *
   * @param target the other container
   * @param alias its name in this one
   */
  record Link(LiveContainer target, String alias) {}

  /** The container whose network namespace another one shares; null when it has its own. */
  @Nullable LiveContainer owner(LiveContainer container) {
    String mode = NetworkModeRules.effective(container.spec().host().network().mode());
    if (!NetworkModeRules.isContainer(mode)) {
      return null;
    }
    LiveContainer owner;
    try {
      owner = table.require(NetworkModeRules.containerReference(mode));
    } catch (EngineException missing) {
      throw EngineException.internal(
          "joining network namespace of container: " + missing.text(), missing);
    }
    if (owner.id().equals(container.id())) {
      throw EngineException.internal("cannot join own network namespace", null);
    }
    if (!ContainerState.hasProcess(owner.state())) {
      throw EngineException.conflict(
          "cannot join network namespace of a non running container: container "
              + owner.name()
              + " is "
              + ContainerState.word(owner.state()));
    }
    return owner;
  }

  /** Links of the default bridge; on other networks links are names only. */
  List<Link> links(ContainerSpec spec) {
    List<Link> links = new ArrayList<>();
    for (String text : linkTexts(spec)) {
      String name = linkTarget(text);
      LiveContainer target = table.find(name);
      if (target == null) {
        throw EngineException.invalid(
            "could not get container for " + name + ": No such container: " + name);
      }
      links.add(new Link(target, linkAlias(text)));
    }
    return links;
  }

  private static List<String> linkTexts(ContainerSpec spec) {
    boolean legacy = NetworkModeRules.effective(spec.host().network().mode()).equals("bridge");
    return legacy ? SpecValidation.orEmpty(spec.host().network().links()) : List.of();
  }

  private static String linkTarget(String text) {
    int colon = text.indexOf(':');
    return colon < 0 ? text : text.substring(0, colon);
  }

  private static String linkAlias(String text) {
    String alias = text.substring(text.indexOf(':') + 1);
    return alias.substring(alias.lastIndexOf('/') + 1);
  }

  /** Makes the namespace; all of it is there when this returns, or nothing. */
  SandboxStatus open(LiveContainer container, @Nullable LiveContainer owner, List<Link> links) {
    List<LegacyLink> legacy =
        links.stream()
            .map(link -> new LegacyLink(link.target().id(), link.target().name(), link.alias()))
            .toList();
    try {
      return features
          .sandboxes()
          .open(
              SandboxPlan.sandbox(
                  container.definition(),
                  container.status().endpoints(),
                  owner == null ? null : owner.id(),
                  legacy));
    } catch (EngineException failure) {
      throw new EngineException(failure.kind(), SETUP + failure.text(), failure);
    }
  }

  /** Environment variables for those links of a running container whose targets run too. */
  List<String> linkVariables(LiveContainer container) {
    List<Link> links = new ArrayList<>();
    for (String text : linkTexts(container.spec())) {
      LiveContainer target = table.find(linkTarget(text));
      if (target != null && ContainerState.hasProcess(target.state())) {
        links.add(new Link(target, linkAlias(text)));
      }
    }
    return linkVariables(container, links);
  }

  /** Environment variables for links. */
  List<String> linkVariables(LiveContainer container, List<Link> links) {
    List<String> variables = new ArrayList<>();
    for (Link link : links) {
      LiveContainer target = link.target();
      if (!ContainerState.hasProcess(target.state())) {
        throw EngineException.internal(
            "Cannot link to a non running container: /"
                + target.name()
                + " AS /"
                + container.name()
                + "/"
                + link.alias(),
            null);
      }
      if (!target.status().endpoints().containsKey("bridge")) {
        throw EngineException.invalid(
            "Cannot link to /" + target.name() + ", as it does not belong to the default network");
      }
      ContainerConfig config = target.spec().config();
      variables.addAll(
          LinkVariables.of(
              container.name(),
              link.alias(),
              bridgeAddress(target),
              config.exposedPorts() == null ? Set.of() : config.exposedPorts(),
              SpecValidation.orEmpty(config.command().environment())));
    }
    return variables;
  }

  private String bridgeAddress(LiveContainer target) {
    return features
        .sandboxes()
        .find(target.id())
        .flatMap(sandbox ->
            sandbox.endpoints().stream()
                .filter(endpoint -> endpoint.networkName().equals("bridge"))
                .findFirst())
        .map(endpoint -> endpoint.ipv4().address())
        .orElse("");
  }

  /** The container's status with what its open sandbox says. */
  static ContainerStatus joined(ContainerStatus status, SandboxStatus sandbox) {
    Map<String, Endpoint> endpoints = new LinkedHashMap<>(status.endpoints());
    for (EndpointStatus endpoint : sandbox.endpoints()) {
      String key =
          endpoints.entrySet().stream()
              .filter(entry ->
                  entry.getKey().equals(endpoint.networkName())
                      || entry.getValue().networkId().equals(endpoint.networkId())
                      || endpoint.networkId().startsWith(entry.getKey()))
              .map(Map.Entry::getKey)
              .findFirst()
              .orElse(endpoint.networkName());
      EndpointSpec spec =
          endpoints.containsKey(key) ? endpoints.get(key).spec() : EndpointSpec.EMPTY;
      endpoints.remove(key);
      endpoints.put(endpoint.networkName(), Endpoint.wanted(spec, endpoint.networkId()));
    }
    return status.withEndpoints(endpoints).withSandbox(sandbox.id(), sandbox.key());
  }
}
