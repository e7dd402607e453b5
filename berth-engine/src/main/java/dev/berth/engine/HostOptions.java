package dev.berth.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a container that depends on the host: Docker's {@code HostConfig}, in groups.
 *
 * @param storage what is mounted
 * @param network how it is reached
 * @param security what it may do
 * @param namespaces what it shares
 * @param resources what it may use
 * @param lifecycle when it starts and ends
 * @param annotations for the OCI runtime
 * @param isolation Windows only; echoed
 * @param consoleSize rows and columns of its terminal, or null
 */
public record HostOptions(
    StorageOptions storage,
    NetworkOptions network,
    SecurityOptions security,
    NamespaceOptions namespaces,
    Resources resources,
    Lifecycle lifecycle,
    @Nullable Map<String, String> annotations,
    String isolation,
    @Nullable List<Integer> consoleSize) {

  /**
   * When a container starts and ends.
   *
   * @param restart what happens when its process ends
   * @param autoRemove whether it is removed then
   * @param init whether a small init runs as its first process; null for the engine's default
   * @param runtime the OCI runtime's name; empty for the default
   * @param log where its output goes
   * @param containerIdFile written by the client; only echoed
   */
  public record Lifecycle(
      RestartPolicy restart,
      boolean autoRemove,
      @Nullable Boolean init,
      String runtime,
      LogOptions log,
      String containerIdFile) {}

  /**
   * Where output goes.
   *
   * @param driver {@code json-file}, {@code local}, {@code none}; empty for the default
   * @param options such as {@code max-size}; null when none were sent
   */
  public record LogOptions(String driver, @Nullable Map<String, String> options) {}

  /**
   * How a container is reached.
   *
   * @param mode {@code bridge}, {@code host}, {@code none}, {@code container:x} or a network
   * @param portBindings host addresses by container port such as {@code 80/tcp}; a value may be
   *     null
   * @param publishAll whether exposed ports get ephemeral host ports
   * @param dns name servers
   * @param dnsOptions resolver options
   * @param dnsSearch search domains
   * @param extraHosts {@code name:address}
   * @param links {@code container:alias}
   */
  public record NetworkOptions(
      String mode,
      @Nullable Map<String, @Nullable List<PortBinding>> portBindings,
      boolean publishAll,
      @Nullable List<String> dns,
      @Nullable List<String> dnsOptions,
      @Nullable List<String> dnsSearch,
      @Nullable List<String> extraHosts,
      @Nullable List<String> links) {}

  /**
   * A host address of a published port.
   *
   * @param hostAddress empty for all
   * @param hostPort a number, a range, or empty for an ephemeral one
   */
  public record PortBinding(String hostAddress, String hostPort) {}

  /**
   * What a container may do.
   *
   * @param privileged nearly everything
   * @param capabilitiesAdded beyond the default set
   * @param capabilitiesDropped from the default set
   * @param securityOptions such as {@code no-new-privileges} or {@code seccomp=unconfined}
   * @param additionalGroups of the process
   * @param maskedPaths null for the default
   * @param readonlyPaths null for the default
   */
  public record SecurityOptions(
      boolean privileged,
      @Nullable List<String> capabilitiesAdded,
      @Nullable List<String> capabilitiesDropped,
      @Nullable List<String> securityOptions,
      @Nullable List<String> additionalGroups,
      @Nullable List<String> maskedPaths,
      @Nullable List<String> readonlyPaths) {}

  /**
   * What a container shares with the host or with another container; empty for the default.
   *
   * @param ipc {@code none}, {@code private}, {@code shareable}, {@code host}, {@code container:x}
   * @param pid {@code host}, {@code container:x}
   * @param uts {@code host}
   * @param user {@code host}
   * @param cgroupns {@code host}, {@code private}
   * @param cgroup {@code container:x}; echoed
   * @param sysctls kernel parameters of its namespaces
   */
  public record NamespaceOptions(
      String ipc,
      String pid,
      String uts,
      String user,
      String cgroupns,
      String cgroup,
      @Nullable Map<String, String> sysctls) {}

  /** The same with other storage. */
  public HostOptions withStorage(StorageOptions other) {
    return new HostOptions(
        other,
        network,
        security,
        namespaces,
        resources,
        lifecycle,
        annotations,
        isolation,
        consoleSize);
  }

  /** The same with other namespaces. */
  public HostOptions withNamespaces(NamespaceOptions other) {
    return new HostOptions(
        storage,
        network,
        security,
        other,
        resources,
        lifecycle,
        annotations,
        isolation,
        consoleSize);
  }

  /** The same with other resources. */
  public HostOptions withResources(Resources other) {
    return new HostOptions(
        storage,
        network,
        security,
        namespaces,
        other,
        lifecycle,
        annotations,
        isolation,
        consoleSize);
  }

  /** The same with another lifecycle. */
  public HostOptions withLifecycle(Lifecycle other) {
    return new HostOptions(
        storage,
        network,
        security,
        namespaces,
        resources,
        other,
        annotations,
        isolation,
        consoleSize);
  }

  /** The same with other network options. */
  public HostOptions withNetwork(NetworkOptions other) {
    return new HostOptions(
        storage,
        other,
        security,
        namespaces,
        resources,
        lifecycle,
        annotations,
        isolation,
        consoleSize);
  }
}
