package dev.berth.server;

import dev.berth.api.ContainerConfig;
import dev.berth.api.Empty;
import dev.berth.api.HealthConfig;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The portable part of a container's configuration, both ways. */
final class ConfigMapper {
  private ConfigMapper() {}

  static dev.berth.engine.ContainerConfig config(ContainerConfig config, ApiVersion version) {
    return new dev.berth.engine.ContainerConfig(
        config.image(),
        new dev.berth.engine.ContainerConfig.Identity(
            config.hostname(), config.domainname(), config.macAddress(), config.labels()),
        new dev.berth.engine.ContainerConfig.Command(
            config.entrypoint(),
            config.cmd(),
            config.env(),
            config.workingDir(),
            config.user(),
            config.shell(),
            config.argsEscaped()),
        new dev.berth.engine.ContainerConfig.Streams(
            config.attachStdin(),
            config.attachStdout(),
            config.attachStderr(),
            config.tty(),
            config.openStdin(),
            config.stdinOnce()),
        keys(config.exposedPorts()),
        keys(config.volumes()),
        new dev.berth.engine.ContainerConfig.Stop(
            config.stopSignal().isEmpty() ? null : config.stopSignal(), config.stopTimeout()),
        healthcheck(config.healthcheck(), version),
        config.networkDisabled(),
        config.onBuild());
  }

  private static dev.berth.engine.ContainerConfig.@Nullable Healthcheck healthcheck(
      @Nullable HealthConfig health, ApiVersion version) {
    return health == null
        ? null
        : new dev.berth.engine.ContainerConfig.Healthcheck(
            health.test(),
            health.interval(),
            health.timeout(),
            health.startPeriod(),
            version.atLeast(44) ? health.startInterval() : 0,
            health.retries());
  }

  static ContainerConfig json(dev.berth.engine.ContainerConfig config, String macAddress) {
    dev.berth.engine.ContainerConfig.Identity identity = config.identity();
    dev.berth.engine.ContainerConfig.Command command = config.command();
    dev.berth.engine.ContainerConfig.Streams streams = config.streams();
    String signal = config.stop().signal();
    return new ContainerConfig(
        identity.hostname(),
        identity.domainname(),
        command.user(),
        streams.attachStdin(),
        streams.attachStdout(),
        streams.attachStderr(),
        empties(config.exposedPorts()),
        streams.tty(),
        streams.openStdin(),
        streams.stdinOnce(),
        command.environment(),
        command.arguments(),
        healthJson(config.healthcheck()),
        command.argsEscaped(),
        config.image(),
        empties(config.volumes()),
        command.workingDirectory(),
        command.entrypoint(),
        config.networkDisabled(),
        macAddress,
        config.onBuild(),
        identity.labels() == null ? Map.of() : identity.labels(),
        signal == null ? "" : signal,
        config.stop().timeoutSeconds(),
        command.shell());
  }

  private static @Nullable HealthConfig healthJson(
      dev.berth.engine.ContainerConfig.@Nullable Healthcheck health) {
    return health == null
        ? null
        : new HealthConfig(
            health.test(),
            health.intervalNanos(),
            health.timeoutNanos(),
            health.startPeriodNanos(),
            health.startIntervalNanos(),
            health.retries());
  }

  private static @Nullable Set<String> keys(@Nullable Map<String, Empty> map) {
    return map == null ? null : new TreeSet<>(map.keySet());
  }

  static @Nullable Map<String, Empty> empties(@Nullable Collection<String> keys) {
    if (keys == null) {
      return null;
    }
    Map<String, Empty> map = new TreeMap<>();
    keys.forEach(key -> map.put(key, Empty.VALUE));
    return map;
  }
}
