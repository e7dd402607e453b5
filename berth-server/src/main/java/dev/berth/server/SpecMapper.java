package dev.berth.server;

import dev.berth.api.ContainerCreateRequest;
import dev.berth.api.ContainerUpdateRequest;
import dev.berth.api.EndpointSettings;
import dev.berth.api.HostConfig;
import dev.berth.api.NetworkingConfig;
import dev.berth.api.Resources;
import dev.berth.api.RestartPolicy;
import dev.berth.core.EngineException;
import dev.berth.engine.ContainerConfig;
import dev.berth.engine.ContainerSpec;
import dev.berth.engine.ContainerUpdate;
import dev.berth.engine.EndpointSpec;
import dev.berth.engine.HostOptions;
import dev.berth.volume.MountRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns the requests that make and change containers into the engine's specs. */
final class SpecMapper {
  private static final String DEPRECATED_MAC =
      "The container-wide MacAddress field is now deprecated. It should be specified in"
          + " EndpointsConfig instead.";

  private final ApiVersion version;

  SpecMapper(ApiVersion version) {
    this.version = version;
  }

  /**
   * A spec and what the client should hear about how it was understood.
   *
   * @param spec for the engine
   * @param warnings in Docker's words
   */
  record Mapped(ContainerSpec spec, List<String> warnings) {}

  Mapped spec(ContainerCreateRequest request) {
    dev.berth.api.ContainerConfig config = request.config();
    if (config.equals(JsonBody.parse(new byte[] {'{', '}'}, dev.berth.api.ContainerConfig.class))) {
      throw EngineException.invalid("config cannot be empty in order to create a container");
    }
    HostConfig host =
        request.hostConfig() == null
            ? JsonBody.parse(new byte[] {'{', '}'}, HostConfig.class)
            : request.hostConfig();
    HostOptions options = withoutNonLimits(HostMapper.options(host, version));
    requireKnownMounts(options);
    Map<String, EndpointSpec> endpoints = endpoints(request.networkingConfig());
    String mac = config.macAddress();
    ContainerSpec spec =
        new ContainerSpec(ConfigMapper.config(config, version), options, endpoints);
    if (mac.isEmpty()) {
      return new Mapped(spec, List.of());
    }
    return new Mapped(
        withMainMac(spec, mac), version.atLeast(44) ? List.of(DEPRECATED_MAC) : List.of());
  }

  private void requireKnownMounts(HostOptions options) {
    List<MountRequest> mounts = options.storage().mounts();
    boolean image =
        mounts != null && mounts.stream().anyMatch(mount -> mount.type().equals("image"));
    if (image && !version.atLeast(48)) {
      throw EngineException.invalid("Mount type \"Image\" needs API v1.48 or newer");
    }
  }

  /** Moves the deprecated container-wide address to the endpoint of the main network. */
  private static ContainerSpec withMainMac(ContainerSpec spec, String mac) {
    String mode = spec.host().network().mode();
    if (mode.equals("none") || mode.equals("host") || mode.startsWith("container:")) {
      return spec;
    }
    String main = mode.isEmpty() || mode.equals("default") ? "bridge" : mode;
    Map<String, EndpointSpec> known = spec.endpoints();
    Map<String, EndpointSpec> endpoints =
        known == null ? new LinkedHashMap<>() : new LinkedHashMap<>(known);
    EndpointSpec endpoint = endpoints.getOrDefault(main, EndpointSpec.EMPTY);
    if (!endpoint.macAddress().isEmpty() && !endpoint.macAddress().equals(mac)) {
      throw EngineException.invalid(
          "the container-wide MAC address must match the endpoint-specific MAC address for the"
              + " main network, or be left empty");
    }
    endpoints.put(main, withMac(endpoint, mac));
    ContainerConfig.Identity identity = spec.config().identity();
    return spec.withEndpoints(endpoints)
        .withConfig(
            spec.config()
                .withIdentity(
                    new ContainerConfig.Identity(
                        identity.hostname(), identity.domainname(), "", identity.labels())));
  }

  private static EndpointSpec withMac(EndpointSpec endpoint, String mac) {
    return new EndpointSpec(
        endpoint.addresses(),
        endpoint.links(),
        endpoint.aliases(),
        mac,
        endpoint.driverOptions(),
        endpoint.gatewayPriority());
  }

  private @Nullable Map<String, EndpointSpec> endpoints(@Nullable NetworkingConfig networking) {
    Map<String, @Nullable EndpointSettings> settings =
        networking == null ? null : networking.endpointsConfig();
    if (settings == null) {
      return null;
    }
    if (settings.size() > 1 && !version.atLeast(44)) {
      throw EngineException.invalid(
          "Container cannot be created with multiple network endpoints: "
              + String.join(", ", new TreeSet<>(settings.keySet())));
    }
    Map<String, EndpointSpec> endpoints = new LinkedHashMap<>();
    settings.forEach((network, wish) -> endpoints.put(network, endpoint(wish, version)));
    return endpoints;
  }

  /** What a client wishes for one endpoint; before 1.44 a hardware address there meant nothing. */
  static EndpointSpec endpoint(@Nullable EndpointSettings wish, ApiVersion version) {
    if (wish == null) {
      return EndpointSpec.EMPTY;
    }
    EndpointSpec.Addresses addresses =
        wish.ipamConfig() == null
            ? null
            : new EndpointSpec.Addresses(
                wish.ipamConfig().ipv4Address(),
                wish.ipamConfig().ipv6Address(),
                wish.ipamConfig().linkLocalIps());
    return new EndpointSpec(
        addresses,
        wish.links(),
        wish.aliases(),
        version.atLeast(44) ? wish.macAddress() : "",
        wish.driverOpts(),
        wish.gwPriority());
  }

  /** Clients send -1 for a swappiness, and zero or less for a process limit, that nobody set. */
  private static HostOptions withoutNonLimits(HostOptions options) {
    dev.berth.engine.Resources resources = options.resources();
    dev.berth.engine.Resources.Memory memory = resources.memory();
    Long swappiness = memory.swappiness();
    Long pidsLimit = resources.pidsLimit();
    return options.withResources(
        new dev.berth.engine.Resources(
            resources.cpu(),
            new dev.berth.engine.Resources.Memory(
                memory.limit(),
                memory.reservation(),
                memory.swap(),
                swappiness == null || swappiness == -1 ? null : swappiness,
                memory.kernelTcp(),
                memory.oomKillDisable(),
                memory.oomScoreAdjust()),
            resources.blockIo(),
            pidsLimit == null || pidsLimit <= 0 ? null : pidsLimit,
            resources.cgroupParent(),
            resources.ulimits(),
            resources.devices(),
            resources.deviceCgroupRules(),
            resources.deviceRequests()));
  }

  ContainerUpdate update(ContainerUpdateRequest request) {
    Resources resources = request.resources();
    RestartPolicy restart = request.restartPolicy();
    return new ContainerUpdate(
        ResourcesMapper.resources(resources, 0),
        restart == null || restart.name().isEmpty()
            ? null
            : new dev.berth.engine.RestartPolicy(restart.name(), restart.maximumRetryCount()));
  }
}
