package dev.berth.engine;

import dev.berth.engine.ContainerConfig.Command;
import dev.berth.image.Healthcheck;
import dev.berth.image.ImageConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an image says that is made of a container. */
final class CommittedConfig {
  private CommittedConfig() {}

  /** The part of a container's configuration that further containers inherit. */
  static ImageConfig of(ContainerConfig config) {
    Command command = config.command();
    return new ImageConfig(
        command.user(),
        orEmpty(config.exposedPorts()),
        orEmpty(command.environment()),
        command.entrypoint(),
        command.arguments(),
        orEmpty(config.volumes()),
        command.workingDirectory(),
        config.identity().labels() == null ? Map.of() : config.identity().labels(),
        config.stop().signal(),
        healthcheck(config.healthcheck()),
        orEmpty(config.onBuild()),
        command.shell(),
        command.argsEscaped());
  }

  private static @Nullable Healthcheck healthcheck(ContainerConfig.@Nullable Healthcheck check) {
    return check == null
        ? null
        : new Healthcheck(
            orEmpty(check.test()),
            Duration.ofNanos(check.intervalNanos()),
            Duration.ofNanos(check.timeoutNanos()),
            Duration.ofNanos(check.startPeriodNanos()),
            Duration.ofNanos(check.startIntervalNanos()),
            check.retries());
  }

  /** What was wished for, completed by what the container has. */
  static ImageConfig merge(ImageConfig wished, ImageConfig container) {
    boolean ownEntrypoint = wished.entrypoint() != null && !wished.entrypoint().isEmpty();
    boolean ownCommand = wished.cmd() != null && !wished.cmd().isEmpty();
    boolean inherits = !ownEntrypoint && !ownCommand;
    Map<String, String> labels = new HashMap<>(container.labels());
    labels.putAll(wished.labels());
    return new ImageConfig(
        wished.user().isEmpty() ? container.user() : wished.user(),
        union(wished.exposedPorts(), container.exposedPorts()),
        environment(wished.env(), container.env()),
        wished.entrypoint() == null ? container.entrypoint() : wished.entrypoint(),
        inherits ? container.cmd() : wished.cmd(),
        union(wished.volumes(), container.volumes()),
        wished.workingDir().isEmpty() ? container.workingDir() : wished.workingDir(),
        labels,
        wished.stopSignal() == null ? container.stopSignal() : wished.stopSignal(),
        wished.healthcheck() == null ? container.healthcheck() : wished.healthcheck(),
        wished.onBuild(),
        wished.shell() == null ? container.shell() : wished.shell(),
        inherits ? container.argsEscaped() : wished.argsEscaped());
  }

  private static Set<String> union(Set<String> wished, Set<String> container) {
    Set<String> both = new HashSet<>(wished);
    both.addAll(container);
    return both;
  }

  private static List<String> environment(List<String> wished, List<String> container) {
    List<String> merged = new ArrayList<>(wished);
    Set<String> named = new HashSet<>();
    wished.forEach(entry -> named.add(ImageMerge.variableName(entry)));
    container.stream()
        .filter(entry -> named.add(ImageMerge.variableName(entry)))
        .forEach(merged::add);
    return merged;
  }

  private static List<String> orEmpty(@Nullable List<String> list) {
    return list == null ? List.of() : list;
  }

  private static Set<String> orEmpty(@Nullable Set<String> set) {
    return set == null ? Set.of() : set;
  }
}
