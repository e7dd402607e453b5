package dev.berth.server;

import dev.berth.api.HostConfig;
import dev.berth.api.HostLife;
import dev.berth.api.HostNamespaces;
import dev.berth.api.HostNetworking;
import dev.berth.api.HostPrivileges;
import dev.berth.api.HostStorage;
import dev.berth.api.LogConfig;
import dev.berth.api.PortBinding;
import dev.berth.api.RestartPolicy;
import dev.berth.engine.HostOptions;
import dev.berth.engine.StorageOptions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The part of a container's configuration that depends on the host, both ways. */
final class HostMapper {
  private HostMapper() {}

  static HostOptions options(HostConfig host, ApiVersion version) {
    HostNamespaces namespaces = host.namespaces();
    HostPrivileges privileges = host.privileges();
    return new HostOptions(
        storage(host.storage(), version),
        network(host.networking()),
        new HostOptions.SecurityOptions(
            privileges.privileged(),
            privileges.capAdd(),
            privileges.capDrop(),
            privileges.securityOpt(),
            privileges.groupAdd(),
            privileges.maskedPaths(),
            privileges.readonlyPaths()),
        new HostOptions.NamespaceOptions(
            ipc(namespaces.ipcMode(), version),
            namespaces.pidMode(),
            namespaces.utsMode(),
            namespaces.usernsMode(),
            namespaces.cgroupnsMode(),
            namespaces.cgroup(),
            privileges.sysctls()),
        ResourcesMapper.resources(host.resources(), privileges.oomScoreAdj()),
        lifecycle(host.life(), version),
        version.atLeast(43) ? host.life().annotations() : null,
        host.life().isolation(),
        version.atLeast(42) ? host.life().consoleSize() : null);
  }

  /** Before 1.40 the default was to let others join. */
  private static String ipc(String mode, ApiVersion version) {
    return mode.isEmpty() && !version.atLeast(40) ? "shareable" : mode;
  }

  private static StorageOptions storage(HostStorage storage, ApiVersion version) {
    return new StorageOptions(
        storage.binds(),
        ResourcesMapper.each(storage.mounts(), mount -> MountMapper.request(mount, version)),
        storage.tmpfs(),
        storage.volumesFrom(),
        storage.volumeDriver(),
        storage.readonlyRootfs(),
        storage.storageOpt(),
        storage.shmSize());
  }

  private static HostOptions.NetworkOptions network(HostNetworking networking) {
    Map<String, @Nullable List<PortBinding>> asked = networking.portBindings();
    Map<String, @Nullable List<HostOptions.PortBinding>> bindings =
        asked == null ? null : new TreeMap<>();
    if (asked != null && bindings != null) {
      asked.forEach((port, list) ->
          bindings.put(
              port,
              ResourcesMapper.each(
                  list,
                  binding -> new HostOptions.PortBinding(binding.hostIp(), binding.hostPort()))));
    }
    return new HostOptions.NetworkOptions(
        networking.networkMode(),
        bindings,
        networking.publishAllPorts(),
        networking.dns(),
        networking.dnsOptions(),
        networking.dnsSearch(),
        networking.extraHosts(),
        networking.links());
  }

  /** Before 1.25 it was the client that removed a container. */
  private static HostOptions.Lifecycle lifecycle(HostLife life, ApiVersion version) {
    RestartPolicy restart = life.restartPolicy();
    LogConfig log = life.logConfig();
    return new HostOptions.Lifecycle(
        restart == null
            ? new dev.berth.engine.RestartPolicy("", 0)
            : new dev.berth.engine.RestartPolicy(restart.name(), restart.maximumRetryCount()),
        version.atLeast(25) && life.autoRemove(),
        life.init(),
        life.runtime(),
        log == null
            ? new HostOptions.LogOptions("", null)
            : new HostOptions.LogOptions(log.type(), log.config()),
        life.containerIdFile());
  }

  static HostConfig json(HostOptions options) {
    HostOptions.NamespaceOptions namespaces = options.namespaces();
    return new HostConfig(
        storageJson(options.storage()),
        networkJson(options.network()),
        privilegesJson(options),
        new HostNamespaces(
            namespaces.ipc(),
            namespaces.pid(),
            namespaces.uts(),
            namespaces.cgroupns(),
            namespaces.cgroup(),
            namespaces.user()),
        lifeJson(options),
        ResourcesMapper.json(options.resources()));
  }

  private static HostStorage storageJson(StorageOptions storage) {
    return new HostStorage(
        storage.binds(),
        ResourcesMapper.each(storage.mounts(), MountMapper::json),
        storage.volumeDriver(),
        storage.volumesFrom(),
        storage.tmpfs(),
        storage.storageOptions(),
        storage.readonlyRootfs(),
        storage.shmSizeBytes());
  }

  private static HostNetworking networkJson(HostOptions.NetworkOptions network) {
    return new HostNetworking(
        network.mode(),
        network.portBindings() == null ? Map.of() : ports(network.portBindings()),
        network.publishAll(),
        orEmpty(network.dns()),
        orEmpty(network.dnsOptions()),
        orEmpty(network.dnsSearch()),
        network.extraHosts(),
        network.links());
  }

  private static List<String> orEmpty(@Nullable List<String> list) {
    return list == null ? List.of() : list;
  }

  /** Host addresses by container port, in the order of the ports. */
  static Map<String, @Nullable List<PortBinding>> ports(
      Map<String, @Nullable List<HostOptions.PortBinding>> ports) {
    Map<String, @Nullable List<PortBinding>> json = new TreeMap<>();
    ports.forEach((port, bindings) ->
        json.put(
            port,
            ResourcesMapper.each(
                bindings, binding -> new PortBinding(binding.hostAddress(), binding.hostPort()))));
    return json;
  }

  private static HostPrivileges privilegesJson(HostOptions options) {
    HostOptions.SecurityOptions security = options.security();
    return new HostPrivileges(
        security.privileged(),
        security.capabilitiesAdded(),
        security.capabilitiesDropped(),
        security.additionalGroups(),
        security.securityOptions(),
        options.resources().memory().oomScoreAdjust(),
        options.namespaces().sysctls(),
        security.maskedPaths(),
        security.readonlyPaths());
  }

  private static HostLife lifeJson(HostOptions options) {
    HostOptions.Lifecycle life = options.lifecycle();
    Map<String, String> logOptions = life.log().options();
    List<Integer> size = options.consoleSize();
    return new HostLife(
        life.containerIdFile(),
        new LogConfig(life.log().driver(), logOptions == null ? Map.of() : logOptions),
        new RestartPolicy(life.restart().name(), life.restart().maximumRetryCount()),
        life.autoRemove(),
        size == null ? List.of(0, 0) : size,
        options.annotations(),
        life.runtime(),
        options.isolation(),
        life.init());
  }
}
