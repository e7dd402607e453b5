package dev.berth.server;

import dev.berth.api.ContainerSummary;
import dev.berth.api.EndpointSettings;
import dev.berth.api.Port;
import dev.berth.api.SummaryHostConfig;
import dev.berth.api.SummaryNetworkSettings;
import dev.berth.engine.Container;
import dev.berth.engine.ContainerSpec;
import dev.berth.engine.ContainerState;
import dev.berth.engine.ContainerStatus;
import dev.berth.engine.HostOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A container as lists show it. */
final class SummaryMapper {
  private final ApiVersion version;
  private final Instant now;

  /**
   * @param now against which ages are told
   */
  SummaryMapper(ApiVersion version, Instant now) {
    this.version = version;
    this.now = now;
  }

  ContainerSummary summary(Container container) {
    ContainerSpec spec = container.definition().effective();
    Map<String, EndpointSettings> networks = new TreeMap<>();
    container
        .status()
        .endpoints()
        .forEach((network, endpoint) -> networks.put(network, EndpointMapper.brief(endpoint)));
    Container.Size size = container.size();
    Map<String, String> labels = spec.config().identity().labels();
    return new ContainerSummary(
        container.id(),
        List.of("/" + container.name()),
        container.imageReference(),
        container.definition().imageId(),
        null,
        command(spec),
        container.definition().created().getEpochSecond(),
        ports(container.ports()),
        size == null ? 0 : size.written(),
        size == null ? 0 : size.rootFilesystem(),
        labels == null ? Map.of() : labels,
        ContainerState.word(container.state()),
        status(container),
        new SummaryHostConfig(
            spec.host().network().mode(), version.atLeast(46) ? spec.host().annotations() : null),
        new SummaryNetworkSettings(networks),
        container.definition().mounts().stream().map(MountMapper::point).toList());
  }

  private static String command(ContainerSpec spec) {
    List<String> command = InspectMapper.command(spec);
    return command.isEmpty()
        ? ""
        : command.getFirst()
            + command.stream()
                .skip(1)
                .map(word -> word.contains(" ") ? " '" + word + "'" : " " + word)
                .collect(Collectors.joining());
  }

  private static List<Port> ports(
      Map<String, @Nullable List<HostOptions.PortBinding>> bindingsByPort) {
    List<Port> ports = new ArrayList<>();
    new TreeMap<>(bindingsByPort)
        .forEach((port, bindings) -> {
          int slash = port.indexOf('/');
          int number = Integer.parseInt(slash < 0 ? port : port.substring(0, slash));
          String protocol = slash < 0 ? "tcp" : port.substring(slash + 1);
          if (bindings == null || bindings.isEmpty()) {
            ports.add(new Port("", number, 0, protocol));
            return;
          }
          for (HostOptions.PortBinding binding : bindings) {
            int hostPort = binding.hostPort().isEmpty() ? 0 : Integer.parseInt(binding.hostPort());
            ports.add(new Port(binding.hostAddress(), number, hostPort, protocol));
          }
        });
    return ports;
  }

  private String status(Container container) {
    return switch (container.state()) {
      case ContainerState.Created _ -> "Created";
      case ContainerState.Running(int _, Instant since) ->
          "Up " + age(since) + health(container.health());
      case ContainerState.Paused(int _, Instant since) -> "Up " + age(since) + " (Paused)";
      case ContainerState.Restarting(ContainerState.Ending last) ->
          "Restarting (" + last.exitCode() + ") " + age(last.finishedAt()) + " ago";
      case ContainerState.Exited(ContainerState.Ending last, var _) ->
          "Exited (" + last.exitCode() + ") " + age(last.finishedAt()) + " ago";
      case ContainerState.Removing _ -> "Removal In Progress";
      case ContainerState.Dead _ -> "Dead";
    };
  }

  private String age(Instant since) {
    return GoTime.inWords(Duration.between(since, now));
  }

  private static String health(ContainerStatus.@Nullable Health health) {
    if (health == null) {
      return "";
    }
    return health.status().equals("starting")
        ? " (health: starting)"
        : " (" + health.status() + ")";
  }
}
