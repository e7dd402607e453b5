package dev.berth.server;

import dev.berth.api.ContainerInspect;
import dev.berth.api.ContainerState;
import dev.berth.api.DriverData;
import dev.berth.api.EndpointSettings;
import dev.berth.api.Health;
import dev.berth.api.HealthcheckResult;
import dev.berth.api.NetworkSettings;
import dev.berth.core.Ids;
import dev.berth.engine.Container;
import dev.berth.engine.ContainerSpec;
import dev.berth.engine.ContainerStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A container as {@code inspect} shows it. */
final class InspectMapper {
  private static final String DEFAULT_BRIDGE = "bridge";

  private final ApiVersion version;

  InspectMapper(ApiVersion version) {
    this.version = version;
  }

  ContainerInspect inspect(Container container) {
    ContainerSpec spec = container.definition().effective();
    List<String> command = command(spec);
    Container.Files files = container.files();
    Container.Size size = container.size();
    return new ContainerInspect(
        container.id(),
        GoTime.format(container.definition().created()),
        command.isEmpty() ? "" : command.getFirst(),
        command.isEmpty() ? List.of() : command.subList(1, command.size()),
        state(container),
        container.definition().imageId(),
        files.resolvConf(),
        files.hostname(),
        files.hosts(),
        files.log(),
        "/" + container.name(),
        container.status().restartCount(),
        container.definition().storageDriver(),
        container.definition().platform(),
        "",
        "",
        "",
        container.execIds().isEmpty() ? null : container.execIds(),
        HostMapper.json(spec.host()),
        new DriverData(container.definition().storageDriver(), files.graph()),
        size == null ? null : size.written(),
        size == null ? null : size.rootFilesystem(),
        container.definition().mounts().stream().map(MountMapper::point).toList(),
        ConfigMapper.json(spec.config(), macAddress(container)),
        networkSettings(container),
        null);
  }

  /** Entrypoint and arguments, whose first is the program. */
  static List<String> command(ContainerSpec spec) {
    List<String> command = new ArrayList<>();
    List<String> entrypoint = spec.config().command().entrypoint();
    List<String> arguments = spec.config().command().arguments();
    if (entrypoint != null) {
      command.addAll(entrypoint);
    }
    if (arguments != null) {
      command.addAll(arguments);
    }
    return command;
  }

  /** Before 1.44 the container's own configuration held the address of its main endpoint. */
  private String macAddress(Container container) {
    if (version.atLeast(44)) {
      return "";
    }
    ContainerStatus.Endpoint main =
        container
            .status()
            .endpoints()
            .get(container.definition().effective().host().network().mode());
    return main == null ? "" : main.spec().macAddress();
  }

  static ContainerState state(Container container) {
    Health health = health(container.health());
    return switch (container.state()) {
      case dev.berth.engine.ContainerState.Created(var failure) ->
          new ContainerState(
              "created",
              false,
              false,
              false,
              false,
              false,
              0,
              failure == null ? 0 : failure.exitCode(),
              failure == null ? "" : failure.message(),
              GoTime.ZERO,
              GoTime.ZERO,
              health);
      case dev.berth.engine.ContainerState.Running(int pid, var startedAt) ->
          alive("running", pid, GoTime.format(startedAt), health);
      case dev.berth.engine.ContainerState.Paused(int pid, var startedAt) ->
          alive("paused", pid, GoTime.format(startedAt), health);
      case dev.berth.engine.ContainerState.Restarting(var last) ->
          ended("restarting", last, "", health);
      case dev.berth.engine.ContainerState.Exited(var last, var failure) ->
          failure == null ? ended("exited", last, "", health) : failed(last, failure, health);
      case dev.berth.engine.ContainerState.Removing(var last) ->
          ended("removing", last, "", health);
      case dev.berth.engine.ContainerState.Dead(var last, String reason) ->
          ended("dead", last, reason, health);
    };
  }

  private static ContainerState alive(
      String status, int pid, String startedAt, @Nullable Health health) {
    return new ContainerState(
        status,
        true,
        status.equals("paused"),
        false,
        false,
        false,
        pid,
        0,
        "",
        startedAt,
        GoTime.ZERO,
        health);
  }

  private static ContainerState ended(
      String status,
      dev.berth.engine.ContainerState.@Nullable Ending last,
      String error,
      @Nullable Health health) {
    boolean restarting = status.equals("restarting");
    return new ContainerState(
        status,
        restarting,
        false,
        restarting,
        last != null && last.oomKilled(),
        status.equals("dead"),
        0,
        last == null ? 0 : last.exitCode(),
        error,
        last == null ? GoTime.ZERO : GoTime.format(last.startedAt()),
        last == null ? GoTime.ZERO : GoTime.format(last.finishedAt()),
        health);
  }

  private static ContainerState failed(
      dev.berth.engine.ContainerState.Ending last,
      dev.berth.engine.ContainerState.StartFailure failure,
      @Nullable Health health) {
    return new ContainerState(
        "exited",
        false,
        false,
        false,
        last.oomKilled(),
        false,
        0,
        failure.exitCode(),
        failure.message(),
        GoTime.format(last.startedAt()),
        GoTime.format(last.finishedAt()),
        health);
  }

  private static @Nullable Health health(ContainerStatus.@Nullable Health health) {
    return health == null
        ? null
        : new Health(
            health.status(),
            health.failingStreak(),
            health.log().stream()
                .map(probe ->
                    new HealthcheckResult(
                        GoTime.format(probe.start()),
                        GoTime.format(probe.end()),
                        probe.exitCode(),
                        probe.output()))
                .toList());
  }

  private NetworkSettings networkSettings(Container container) {
    ContainerStatus status = container.status();
    Map<String, EndpointSettings> networks = new TreeMap<>();
    status
        .endpoints()
        .forEach(
            (network, endpoint) -> networks.put(network, endpoint(container, network, endpoint)));
    ContainerStatus.Endpoint bridge = status.endpoints().get(DEFAULT_BRIDGE);
    ContainerStatus.Address ipv4 = bridge == null ? ContainerStatus.Address.NONE : bridge.ipv4();
    ContainerStatus.Address ipv6 = bridge == null ? ContainerStatus.Address.NONE : bridge.ipv6();
    return new NetworkSettings(
        "",
        status.sandboxId(),
        status.sandboxKey(),
        HostMapper.ports(container.ports()),
        false,
        "",
        0,
        null,
        null,
        bridge == null ? "" : bridge.endpointId(),
        ipv4.gateway(),
        ipv6.address(),
        ipv6.prefixLength(),
        ipv4.address(),
        ipv4.prefixLength(),
        ipv6.gateway(),
        bridge == null ? "" : bridge.macAddress(),
        networks);
  }

  /** Before 1.45 the short id and the host name were among the aliases. */
  private EndpointSettings endpoint(
      Container container, String network, ContainerStatus.Endpoint endpoint) {
    boolean userDefined =
        !network.equals(DEFAULT_BRIDGE) && !network.equals("host") && !network.equals("none");
    if (version.atLeast(45) || !userDefined) {
      return EndpointMapper.whole(endpoint);
    }
    List<String> own = endpoint.spec().aliases();
    Set<String> aliases = new LinkedHashSet<>(own == null ? List.of() : own);
    aliases.add(Ids.shortId(container.id()));
    aliases.add(container.definition().effective().config().identity().hostname());
    aliases.remove("");
    return EndpointMapper.withAliases(endpoint, List.copyOf(aliases));
  }
}
