package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.ContainerConfig.Healthcheck;
import dev.berth.engine.HostOptions.Lifecycle;
import dev.berth.engine.HostOptions.NetworkOptions;
import dev.berth.image.StorageLimits;
import dev.berth.runtime.Capabilities;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Refuses what cannot be a container, with Docker's words, before anything is made. */
final class SpecValidation {
  private static final long LEAST_HEALTH_NANOS = 1_000_000;

  private SpecValidation() {}

  /**
   * Checks a merged spec.
   *
   * @throws EngineException INVALID
   */
  static void check(ContainerSpec spec) {
    checkConfig(spec.config());
    HostOptions host = spec.host();
    checkLifecycle(host.lifecycle());
    NetworkModeRules.check(spec);
    checkPorts(host.network());
    checkExtraHosts(host.network().extraHosts());
    checkNamespaces(spec);
    checkSecurity(host.security());
    ResourceRules.check(host.resources());
    if (host.storage().shmSizeBytes() < 0) {
      throw EngineException.invalid("SHM size can not be less than 0");
    }
    var _ = rootSizeBytes(host.storage());
    if (!host.isolation().isEmpty() && !host.isolation().equalsIgnoreCase("default")) {
      throw EngineException.invalid("invalid isolation '" + host.isolation() + "' on linux");
    }
  }

  private static void checkConfig(ContainerConfig config) {
    String directory = config.command().workingDirectory();
    if (!directory.isEmpty() && !directory.startsWith("/")) {
      throw EngineException.invalid(
          "the working directory '" + directory + "' is invalid, it needs to be an absolute path");
    }
    for (String variable : orEmpty(config.command().environment())) {
      if (variable.isEmpty() || variable.startsWith("=")) {
        throw EngineException.invalid("invalid environment variable: " + variable);
      }
    }
    if (config.stop().signal() != null && !config.stop().signal().isEmpty()) {
      Signals.parse(config.stop().signal());
    }
    for (String port : config.exposedPorts() == null ? Set.<String>of() : config.exposedPorts()) {
      PortRules.containerPort(port);
    }
    if (config.healthcheck() != null) {
      checkHealth(config.healthcheck());
    }
  }

  private static void checkHealth(Healthcheck check) {
    atLeastMillisecond(check.intervalNanos(), "Interval");
    atLeastMillisecond(check.timeoutNanos(), "Timeout");
    if (check.retries() < 0) {
      throw EngineException.invalid("Retries in Healthcheck cannot be negative");
    }
    atLeastMillisecond(check.startPeriodNanos(), "StartPeriod");
    atLeastMillisecond(check.startIntervalNanos(), "StartInterval");
  }

  private static void atLeastMillisecond(long nanos, String what) {
    if (nanos != 0 && nanos < LEAST_HEALTH_NANOS) {
      throw EngineException.invalid(what + " in Healthcheck cannot be less than 1ms");
    }
  }

  /** What the container's own layer may take at most; 0 where nothing is asked for. */
  static long rootSizeBytes(StorageOptions storage) {
    return storage.storageOptions() == null ? 0 : StorageLimits.requested(storage.storageOptions());
  }

  static void checkLifecycle(Lifecycle lifecycle) {
    RestartPolicy policy = lifecycle.restart();
    if (lifecycle.autoRemove() && !policy.never()) {
      throw EngineException.invalid("can't create 'AutoRemove' container with restart policy");
    }
    checkRestart(policy);
  }

  static void checkRestart(RestartPolicy policy) {
    switch (policy.name()) {
      case "", "no", "always", "unless-stopped" -> {
        if (policy.maximumRetryCount() != 0) {
          throw EngineException.invalid(
              "invalid restart policy: maximum retry count can only be used with 'on-failure'"
                  + (policy.maximumRetryCount() < 0 ? " and cannot be negative" : ""));
        }
      }
      case "on-failure" -> {
        if (policy.maximumRetryCount() < 0) {
          throw EngineException.invalid(
              "invalid restart policy: maximum retry count cannot be negative");
        }
      }
      default ->
          throw EngineException.invalid(
              "invalid restart policy: unknown policy '"
                  + policy.name()
                  + "'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
    }
  }

  private static void checkPorts(NetworkOptions network) {
    Map<String, @Nullable List<HostOptions.PortBinding>> bindings = network.portBindings();
    if (bindings == null) {
      return;
    }
    bindings.forEach((port, hosts) -> {
      PortRules.containerPort(port);
      for (HostOptions.PortBinding host :
          hosts == null ? List.<HostOptions.PortBinding>of() : hosts) {
        PortRules.hostPorts(host.hostPort());
        PortRules.hostAddress(host.hostAddress());
      }
    });
  }

  private static void checkExtraHosts(@Nullable List<String> hosts) {
    for (String host : orEmpty(hosts)) {
      int colon = host.indexOf(':');
      if (colon <= 0 || colon == host.length() - 1) {
        throw EngineException.invalid("bad format for add-host: \"" + host + "\"");
      }
      String address = host.substring(colon + 1);
      boolean known = address.equals("host-gateway") || PortRules.isAddress(address);
      if (!known) {
        throw EngineException.invalid("invalid IP address in add-host: \"" + address + "\"");
      }
    }
  }

  private static void checkNamespaces(ContainerSpec spec) {
    HostOptions.NamespaceOptions modes = spec.host().namespaces();
    boolean ipc =
        Set.of("", "none", "private", "shareable", "host").contains(modes.ipc())
            || namesContainer(modes.ipc());
    if (!ipc) {
      throw EngineException.invalid("invalid IPC mode: " + modes.ipc());
    }
    boolean pid =
        Set.of("", "host", "private").contains(modes.pid()) || namesContainer(modes.pid());
    if (!pid) {
      throw EngineException.invalid("invalid PID mode: " + modes.pid());
    }
    if (!Set.of("", "host").contains(modes.uts())) {
      throw EngineException.invalid("invalid UTS mode: " + modes.uts());
    }
    if (!Set.of("", "host").contains(modes.user())) {
      throw EngineException.invalid("invalid userns mode: " + modes.user());
    }
    if (!Set.of("", "host", "private").contains(modes.cgroupns())) {
      throw EngineException.invalid("invalid CgroupNS mode: " + modes.cgroupns());
    }
    if (modes.uts().equals("host") && !spec.config().identity().hostname().isEmpty()) {
      throw EngineException.invalid("conflicting options: hostname and the UTS mode");
    }
  }

  private static boolean namesContainer(String mode) {
    return mode.startsWith("container:") && mode.length() > "container:".length();
  }

  private static void checkSecurity(HostOptions.SecurityOptions security) {
    try {
      Capabilities.choose(
          orEmpty(security.capabilitiesAdded()), orEmpty(security.capabilitiesDropped()), false);
    } catch (IllegalArgumentException unknown) {
      throw EngineException.invalid(String.valueOf(unknown.getMessage()));
    }
    SecurityChoices.parse(orEmpty(security.securityOptions()));
  }

  static List<String> orEmpty(@Nullable List<String> list) {
    return list == null ? List.of() : list;
  }
}
