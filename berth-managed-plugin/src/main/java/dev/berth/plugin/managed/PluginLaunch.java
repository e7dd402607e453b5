package dev.berth.plugin.managed;

import dev.berth.core.EngineException;
import dev.berth.runtime.Capabilities;
import dev.berth.runtime.IoSpec;
import dev.berth.runtime.IsolationSpec;
import dev.berth.runtime.LaunchDefaults;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.Namespace;
import dev.berth.runtime.OciMount;
import dev.berth.runtime.ProcessSpec;
import dev.berth.runtime.ProcessUser;
import dev.berth.runtime.Resources;
import dev.berth.runtime.RootSpec;
import dev.berth.runtime.SecuritySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a plugin runs: a container with its own root and what its user granted. Pure. */
final class PluginLaunch {
  /** Where a plugin makes its socket, seen from inside. */
  static final String SOCKETS = "/run/docker/plugins";

  private static final String PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final String BIND = "bind";
  private static final IoSpec.LogRotation LOG = new IoSpec.LogRotation(10 << 20, 2, false);
  private static final int HOSTNAME_LENGTH = 12;

  private final InstalledPlugin plugin;
  private final PluginConfiguration configuration;
  private final PluginFolders folders;

  private PluginLaunch(InstalledPlugin plugin, PluginFolders folders) {
    this.plugin = plugin;
    this.configuration = plugin.configuration();
    this.folders = folders;
  }

  /**
   * The whole launch.
   *
   * @throws EngineException INVALID where something that it needs is not set
   */
  static LaunchSpec of(InstalledPlugin plugin, PluginFolders folders) {
    return new PluginLaunch(plugin, folders).spec();
  }

  private LaunchSpec spec() {
    return new LaunchSpec(
        plugin.id(),
        process(),
        new RootSpec(folders.rootfs(plugin.id()), false, "rshared"),
        mounts(),
        isolation(),
        Resources.UNLIMITED,
        security(),
        new IoSpec(false, false, new IoSpec.LogTarget.File(folders.log(plugin.id()), LOG)));
  }

  private ProcessSpec process() {
    List<String> arguments = new ArrayList<>(configuration.entrypoint());
    arguments.addAll(plugin.settings().arguments());
    List<String> environment = new ArrayList<>(List.of(PATH));
    environment.addAll(plugin.settings().environment());
    PluginConfiguration.User user = configuration.user();
    return new ProcessSpec(
        arguments,
        environment,
        configuration.workingDirectory().isEmpty() ? "/" : configuration.workingDirectory(),
        new ProcessUser(user.uid(), user.gid(), List.of()),
        false,
        null,
        false,
        List.of());
  }

  private List<OciMount> mounts() {
    List<OciMount> mounts = new ArrayList<>(LaunchDefaults.mounts(false));
    mounts.add(LaunchDefaults.shm(LaunchDefaults.SHM_SIZE_BYTES));
    if (configuration.linux().allowAllDevices()) {
      mounts.removeIf(mount -> mount.destination().startsWith("/dev"));
      mounts.add(OciMount.bind("/dev", "/dev", List.of("rslave")));
    }
    mounts.add(
        OciMount.bind(folders.sockets(plugin.id()).toString(), SOCKETS, List.of("rprivate")));
    if (!configuration.propagatedMount().isEmpty()) {
      mounts.add(
          OciMount.bind(
              folders.propagated(plugin.id()).toString(),
              configuration.propagatedMount(),
              List.of("rw", "rshared")));
    }
    if (configuration.onHostNetwork()) {
      for (String file : List.of("/etc/hosts", "/etc/resolv.conf")) {
        mounts.add(OciMount.bind(file, file, List.of("ro", "rprivate")));
      }
    }
    plugin.settings().mounts().forEach(mount -> mounts.add(asked(mount)));
    return mounts;
  }

  private OciMount asked(PluginConfiguration.Mount mount) {
    String source = mount.source();
    if (source == null) {
      throw EngineException.invalid(
          "mount \"" + mount.name() + "\" of plugin " + plugin.name() + " has no source: set it");
    }
    return mount.type().isEmpty() || mount.type().equals(BIND)
        ? OciMount.bind(source, mount.destination(), mount.options())
        : new OciMount(mount.destination(), mount.type(), source, mount.options());
  }

  private IsolationSpec isolation() {
    List<Namespace> namespaces = new ArrayList<>();
    namespaces.add(Namespace.fresh(Namespace.Kind.MOUNT));
    namespaces.add(Namespace.fresh(Namespace.Kind.UTS));
    if (!configuration.onHostNetwork()) {
      namespaces.add(Namespace.fresh(Namespace.Kind.NETWORK));
    }
    if (!configuration.pidHost()) {
      namespaces.add(Namespace.fresh(Namespace.Kind.PID));
    }
    if (!configuration.ipcHost()) {
      namespaces.add(Namespace.fresh(Namespace.Kind.IPC));
    }
    return new IsolationSpec(
        namespaces, plugin.id().substring(0, HOSTNAME_LENGTH), null, Map.of(), null, Map.of());
  }

  private SecuritySpec security() {
    PluginConfiguration.Linux linux = configuration.linux();
    List<SecuritySpec.Device> devices = new ArrayList<>();
    for (PluginConfiguration.Device device : plugin.settings().devices()) {
      if (device.path() != null) {
        devices.add(new SecuritySpec.Device(device.path(), device.path(), "rwm"));
      }
    }
    return new SecuritySpec(
        false,
        Capabilities.choose(linux.capabilities(), List.of(), false),
        new SecuritySpec.Seccomp.Default(),
        false,
        LaunchDefaults.maskedPaths(),
        LaunchDefaults.readonlyPaths(),
        devices,
        linux.allowAllDevices()
            ? List.of(new SecuritySpec.DeviceRule(true, 'a', -1, -1, "rwm"))
            : List.of());
  }
}
