package dev.berth.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the daemon's flags and daemon.json say about the engine.
 *
 * @param dataRoot what must outlive a reboot
 * @param execRoot what need not
 * @param labels of this engine
 * @param defaults of containers
 * @param logDriver of containers
 * @param logOptions of containers
 * @param shutdownTimeout how long closing may take
 * @param debug whether it was started with --debug
 * @param insecureRegistries addresses spoken to without TLS
 * @param registryMirrors addresses tried first
 */
public record EngineSettings(
    Path dataRoot,
    Path execRoot,
    List<String> labels,
    ContainerDefaults defaults,
    String logDriver,
    Map<String, String> logOptions,
    Duration shutdownTimeout,
    boolean debug,
    Set<String> insecureRegistries,
    List<String> registryMirrors) {

  /** These settings with what of others can be taken over while running. */
  EngineSettings reloadedFrom(EngineSettings wanted) {
    return new EngineSettings(
        dataRoot,
        execRoot,
        wanted.labels,
        defaults,
        logDriver,
        logOptions,
        wanted.shutdownTimeout,
        wanted.debug,
        wanted.insecureRegistries,
        wanted.registryMirrors);
  }

  /**
   * What containers get that do not say otherwise.
   *
   * @param runtime the OCI runtime's name
   * @param init whether a small init runs as first process
   * @param initPath its program
   * @param shmSizeBytes of /dev/shm
   * @param ipcMode {@code private} or {@code shareable}
   * @param cgroupnsMode {@code private} or {@code host}; empty to choose by the cgroup version
   * @param cgroupParent empty for {@code /docker}
   * @param cgroupDriver {@code cgroupfs} or {@code systemd}
   * @param ulimits by name
   * @param noNewPrivileges whether set for all
   * @param seccompProfile a path, {@code unconfined}, or empty for the distribution's profile
   */
  public record ContainerDefaults(
      String runtime,
      boolean init,
      String initPath,
      long shmSizeBytes,
      String ipcMode,
      String cgroupnsMode,
      String cgroupParent,
      String cgroupDriver,
      Map<String, Resources.Ulimit> ulimits,
      boolean noNewPrivileges,
      String seccompProfile) {

    /** dockerd's own. */
    public static ContainerDefaults standard() {
      return new ContainerDefaults(
          "crun", false, "", 64L << 20, "private", "", "", "cgroupfs", Map.of(), false, "");
    }
  }
}
