package dev.berth.engine;

import dev.berth.engine.EngineSettings.ContainerDefaults;
import dev.berth.engine.HostOptions.Lifecycle;
import dev.berth.engine.HostOptions.LogOptions;
import dev.berth.engine.HostOptions.NamespaceOptions;
import dev.berth.engine.HostOptions.NetworkOptions;
import dev.berth.engine.HostOptions.SecurityOptions;
import dev.berth.runtime.LaunchDefaults;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Fills in what a user left open, so that inspect shows what is in effect. Pure. */
final class EffectiveOptions {
  private static final String CONTAINER = "container:";

  private EffectiveOptions() {}

  /**
   * The options in effect.
   *
   * @param fullId the full id of another container, or the reference itself when there is none
   * @param cgroupVersion of this machine
   */
  static HostOptions of(
      HostOptions asked, EngineSettings settings, int cgroupVersion, UnaryOperator<String> fullId) {
    ContainerDefaults defaults = settings.defaults();
    return new HostOptions(
        storage(asked.storage(), defaults),
        network(asked.network(), fullId),
        security(asked.security()),
        namespaces(asked, defaults, cgroupVersion, fullId),
        asked.resources(),
        lifecycle(asked.lifecycle(), settings),
        asked.annotations(),
        asked.isolation(),
        asked.consoleSize() == null ? List.of(0, 0) : asked.consoleSize());
  }

  private static StorageOptions storage(StorageOptions asked, ContainerDefaults defaults) {
    return new StorageOptions(
        asked.binds(),
        asked.mounts(),
        asked.tmpfs(),
        asked.volumesFrom(),
        asked.volumeDriver(),
        asked.readonlyRootfs(),
        asked.storageOptions(),
        asked.shmSizeBytes() == 0 ? defaults.shmSizeBytes() : asked.shmSizeBytes());
  }

  private static NetworkOptions network(NetworkOptions asked, UnaryOperator<String> fullId) {
    return new NetworkOptions(
        resolve(NetworkModeRules.effective(asked.mode()), fullId),
        asked.portBindings(),
        asked.publishAll(),
        asked.dns(),
        asked.dnsOptions(),
        asked.dnsSearch(),
        asked.extraHosts(),
        asked.links());
  }

  private static String resolve(String mode, UnaryOperator<String> fullId) {
    return mode.startsWith(CONTAINER)
        ? CONTAINER + fullId.apply(mode.substring(CONTAINER.length()))
        : mode;
  }

  private static SecurityOptions security(SecurityOptions asked) {
    SecurityChoices choices =
        SecurityChoices.parse(SpecValidation.orEmpty(asked.securityOptions()));
    boolean open = asked.privileged() || choices.unmasked();
    return new SecurityOptions(
        asked.privileged(),
        asked.capabilitiesAdded(),
        asked.capabilitiesDropped(),
        asked.securityOptions(),
        asked.additionalGroups(),
        open
            ? null
            : asked.maskedPaths() == null ? LaunchDefaults.maskedPaths() : asked.maskedPaths(),
        open
            ? null
            : asked.readonlyPaths() == null
                ? LaunchDefaults.readonlyPaths()
                : asked.readonlyPaths());
  }

  private static NamespaceOptions namespaces(
      HostOptions asked,
      ContainerDefaults defaults,
      int cgroupVersion,
      UnaryOperator<String> fullId) {
    NamespaceOptions modes = asked.namespaces();
    boolean ownCgroups = cgroupVersion == 2 && !asked.security().privileged();
    String standard =
        !defaults.cgroupnsMode().isEmpty()
            ? defaults.cgroupnsMode()
            : ownCgroups ? "private" : "host";
    return new NamespaceOptions(
        modes.ipc().isEmpty() ? defaults.ipcMode() : resolve(modes.ipc(), fullId),
        resolve(modes.pid(), fullId),
        modes.uts(),
        modes.user(),
        modes.cgroupns().isEmpty() ? standard : modes.cgroupns(),
        modes.cgroup(),
        modes.sysctls());
  }

  private static Lifecycle lifecycle(Lifecycle asked, EngineSettings settings) {
    return new Lifecycle(
        asked.restart().name().isEmpty() ? RestartPolicy.NO : asked.restart(),
        asked.autoRemove(),
        asked.init(),
        asked.runtime().isEmpty() ? settings.defaults().runtime() : asked.runtime(),
        log(asked.log(), settings),
        asked.containerIdFile());
  }

  private static LogOptions log(LogOptions asked, EngineSettings settings) {
    if (!asked.driver().isEmpty() && !asked.driver().equals(settings.logDriver())) {
      return new LogOptions(asked.driver(), orEmpty(asked.options()));
    }
    Map<String, String> options = new HashMap<>(settings.logOptions());
    options.putAll(orEmpty(asked.options()));
    return new LogOptions(settings.logDriver(), Map.copyOf(options));
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
