package dev.berth.server;

import dev.berth.api.ContainerCreateRequest;
import dev.berth.api.ContainerUpdateRequest;
import dev.berth.api.EndpointSettings;
import dev.berth.api.HostConfig;
import dev.berth.api.HostStorage;
import dev.berth.api.Mount;
import dev.berth.api.MountDriver;
import dev.berth.api.NetworkingConfig;
import dev.berth.api.RestartPolicy;
import dev.berth.api.VolumeOptions;
import dev.berth.core.EngineException;
import dev.berth.engine.ContainerSpec;
import dev.berth.engine.ContainerUpdate;
import dev.berth.engine.EndpointSpec;
import dev.berth.engine.HostOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns the requests that make and change containers into the engine's specs. */
final class SpecMapper {
  private static final String IGNORED_VOLUME_DRIVER =
      "WARNING: the container-wide volume-driver configuration is ignored for volumes specified via"
          + " 'mount'. Use '--mount type=volume,volume-driver=...' instead";

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
    ContainerSpec spec =
        new ContainerSpec(
            ConfigMapper.config(config, version), options, endpoints(request.networkingConfig()));
    List<String> warnings = new ArrayList<>();
    if (version.atLeast(48) && ignoresVolumeDriver(host.storage())) {
      warnings.add(IGNORED_VOLUME_DRIVER);
    }
    return new Mapped(new ContainerWideSettings(version).moved(spec, warnings), warnings);
  }

  private static boolean ignoresVolumeDriver(HostStorage storage) {
    List<Mount> mounts = storage.mounts();
    return !storage.volumeDriver().isEmpty()
        && mounts != null
        && mounts.stream()
            .filter(mount -> mount.type().equals("volume"))
            .anyMatch(mount -> !namesDriver(mount.volumeOptions()));
  }

  private static boolean namesDriver(@Nullable VolumeOptions options) {
    MountDriver driver = options == null ? null : options.driverConfig();
    return driver != null && !driver.name().isEmpty();
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
    settings.forEach((network, wish) -> {
      EndpointSpec endpoint = endpoint(wish, version);
      endpoints.put(network, version.atLeast(48) ? endpoint : withoutPriority(endpoint));
    });
    return endpoints;
  }

  /** Before 1.48 all endpoints had the same. */
  private static EndpointSpec withoutPriority(EndpointSpec endpoint) {
    return new EndpointSpec(
        endpoint.addresses(),
        endpoint.links(),
        endpoint.aliases(),
        endpoint.macAddress(),
        endpoint.driverOptions(),
        0);
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

  /**
   * Clients send -1 for a swappiness, and zero or less for a process limit, that nobody set. Before
   * 1.40 nobody could limit the kernel's buffers.
   */
  private HostOptions withoutNonLimits(HostOptions options) {
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
                version.atLeast(40) ? memory.kernelTcp() : 0,
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

  /** Before 1.40 an update could not change the process limit; zero and less take it away. */
  ContainerUpdate update(ContainerUpdateRequest request) {
    dev.berth.engine.Resources resources = ResourcesMapper.resources(request.resources(), 0);
    Long asked = version.atLeast(40) ? resources.pidsLimit() : null;
    RestartPolicy restart = request.restartPolicy();
    return new ContainerUpdate(
        new dev.berth.engine.Resources(
            resources.cpu(),
            resources.memory(),
            resources.blockIo(),
            asked == null ? null : Math.max(asked, 0),
            resources.cgroupParent(),
            resources.ulimits(),
            resources.devices(),
            resources.deviceCgroupRules(),
            resources.deviceRequests()),
        restart == null || restart.name().isEmpty()
            ? null
            : new dev.berth.engine.RestartPolicy(restart.name(), restart.maximumRetryCount()));
  }
}
