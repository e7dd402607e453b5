package dev.berth.engine;

import dev.berth.engine.ContainerConfig.Command;
import dev.berth.engine.ContainerConfig.Identity;
import dev.berth.engine.ContainerConfig.Stop;
import dev.berth.engine.ContainerConfig.Streams;
import dev.berth.engine.HostOptions.Lifecycle;
import dev.berth.engine.HostOptions.LogOptions;
import dev.berth.engine.HostOptions.NamespaceOptions;
import dev.berth.engine.HostOptions.NetworkOptions;
import dev.berth.engine.HostOptions.SecurityOptions;
import java.util.List;
import java.util.Set;

/** Specs for tests. */
final class Specs {
  private Specs() {}

  static ContainerConfig config(String... arguments) {
    return new ContainerConfig(
        "busybox",
        new Identity("", "", "", null),
        new Command(null, List.of(arguments), null, "", "", null, false),
        new Streams(false, true, true, false, false, false),
        null,
        null,
        new Stop(null, null),
        null,
        false,
        null);
  }

  static ContainerConfig withVolumes(ContainerConfig config, Set<String> volumes) {
    return new ContainerConfig(
        config.image(),
        config.identity(),
        config.command(),
        config.streams(),
        config.exposedPorts(),
        volumes,
        config.stop(),
        config.healthcheck(),
        config.networkDisabled(),
        config.onBuild());
  }

  static ContainerConfig withStreams(ContainerConfig config, Streams streams) {
    return new ContainerConfig(
        config.image(),
        config.identity(),
        config.command(),
        streams,
        config.exposedPorts(),
        config.volumes(),
        config.stop(),
        config.healthcheck(),
        config.networkDisabled(),
        config.onBuild());
  }

  static NetworkOptions network(String mode) {
    return new NetworkOptions(mode, null, false, null, null, null, null, null);
  }

  static HostOptions host() {
    return new HostOptions(
        new StorageOptions(null, null, null, null, "", false, null, 0),
        network(""),
        new SecurityOptions(false, null, null, null, null, null, null),
        new NamespaceOptions("", "", "", "", "", "", null),
        Resources.unlimited(),
        lifecycle(new RestartPolicy("", 0), false),
        null,
        "",
        null);
  }

  static Lifecycle lifecycle(RestartPolicy restart, boolean autoRemove) {
    return new Lifecycle(restart, autoRemove, null, "", new LogOptions("", null), "");
  }

  static ContainerSpec spec(String... arguments) {
    return new ContainerSpec(config(arguments), host(), null);
  }
}
