package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.HostOptions.NamespaceOptions;
import dev.berth.engine.HostOptions.SecurityOptions;
import dev.berth.runtime.Capabilities;
import dev.berth.runtime.ConsoleSize;
import dev.berth.runtime.IoSpec;
import dev.berth.runtime.IsolationSpec;
import dev.berth.runtime.LaunchDefaults;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.Namespace;
import dev.berth.runtime.OciMount;
import dev.berth.runtime.ProcessSpec;
import dev.berth.runtime.ProcessUser;
import dev.berth.runtime.RootSpec;
import dev.berth.runtime.SecuritySpec;
import dev.berth.runtime.Ulimit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in the runtime's words what a container is. Touches only device nodes, to look at them. */
final class LaunchPlan {
  private static final String STANDARD_PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final EngineSettings settings;
  private final LaunchParts parts;
  private final ContainerConfig config;
  private final HostOptions host;

  private LaunchPlan(EngineSettings settings, LaunchParts parts) {
    this.settings = settings;
    this.parts = parts;
    this.config = parts.definition().effective().config();
    this.host = parts.definition().effective().host();
  }

  /**
   * The whole launch.
   *
   * @throws EngineException for what only shows now, such as a missing device
   */
  static LaunchSpec of(EngineSettings settings, LaunchParts parts) {
    return new LaunchPlan(settings, parts).spec();
  }

  private LaunchSpec spec() {
    refuseDeviceRequests();
    boolean shared =
        parts.mounts().stream()
            .anyMatch(
                mount -> mount.options().contains("rshared") || mount.options().contains("shared"));
    boolean slave =
        parts.mounts().stream()
            .anyMatch(
                mount -> mount.options().contains("rslave") || mount.options().contains("slave"));
    return new LaunchSpec(
        parts.definition().id(),
        process(),
        new RootSpec(
            parts.root(),
            host.storage().readonlyRootfs(),
            shared ? "rshared" : slave ? "rslave" : "rprivate"),
        mounts(),
        isolation(),
        RuntimeResources.of(host.resources()),
        security(),
        new IoSpec(
            config.streams().openStdin(),
            // A terminal is left and taken up again: its input ends with no client.
            config.streams().stdinOnce() && !config.streams().tty(),
            LogRules.target(host.lifecycle().log(), parts.log())));
  }

  private void refuseDeviceRequests() {
    for (Resources.DeviceRequest request :
        ResourceRules.orEmpty(host.resources().deviceRequests())) {
      throw EngineException.internal(
          "could not select device driver \""
              + request.driver()
              + "\" with capabilities: "
              + ResourceRules.orEmpty(request.capabilities()).stream()
                  .map(all -> "[" + String.join(" ", all) + "]")
                  .collect(Collectors.joining(" ", "[", "]")),
          null);
    }
  }

  private ProcessSpec process() {
    ContainerConfig.Command command = config.command();
    return new ProcessSpec(
        arguments(command),
        environment(),
        command.workingDirectory().isEmpty() ? "/" : command.workingDirectory(),
        new ProcessUser(parts.user().uid(), parts.user().gid(), parts.user().additionalGids()),
        config.streams().tty(),
        config.streams().tty() ? consoleSize(host.consoleSize()) : null,
        host.lifecycle().init() == null
            ? settings.defaults().init()
            : Boolean.TRUE.equals(host.lifecycle().init()),
        ulimits());
  }

  /** The size of a terminal as JSON has it; null where none is meant. */
  static @Nullable ConsoleSize consoleSize(@Nullable List<Integer> rowsAndColumns) {
    if (rowsAndColumns == null || rowsAndColumns.size() != 2 || rowsAndColumns.getFirst() <= 0) {
      return null;
    }
    return new ConsoleSize(rowsAndColumns.get(0), rowsAndColumns.get(1));
  }

  /** The program with its arguments. */
  static List<String> arguments(ContainerConfig.Command command) {
    List<String> arguments = new ArrayList<>(SpecValidation.orEmpty(command.entrypoint()));
    arguments.addAll(SpecValidation.orEmpty(command.arguments()));
    return arguments;
  }

  private List<String> environment() {
    List<String> standard = new ArrayList<>();
    standard.add(STANDARD_PATH);
    standard.add("HOSTNAME=" + parts.shared().hostname());
    if (config.streams().tty()) {
      standard.add("TERM=xterm");
    }
    standard.addAll(parts.linkVariables());
    return environment(
        standard, SpecValidation.orEmpty(config.command().environment()), parts.user().home());
  }

  /**
   * Joins variables; later ones win, a bare name unsets, and HOME is the user's unless it is said.
   */
  static List<String> environment(List<String> standard, List<String> asked, String home) {
    Map<String, String> variables = new LinkedHashMap<>();
    standard.forEach(entry -> variables.put(ImageMerge.variableName(entry), entry));
    for (String entry : asked) {
      String name = ImageMerge.variableName(entry);
      if (entry.length() == name.length()) {
        variables.remove(name);
      } else {
        variables.put(name, entry);
      }
    }
    variables.putIfAbsent("HOME", "HOME=" + home);
    return List.copyOf(variables.values());
  }

  private List<Ulimit> ulimits() {
    Map<String, Resources.Ulimit> limits = new HashMap<>(settings.defaults().ulimits());
    ResourceRules.orEmpty(host.resources().ulimits())
        .forEach(limit -> limits.put(limit.name(), limit));
    return limits.values().stream()
        .map(limit ->
            new Ulimit(
                "RLIMIT_" + limit.name().toUpperCase(Locale.ROOT), limit.soft(), limit.hard()))
        .sorted(Comparator.comparing(Ulimit::name))
        .toList();
  }

  private List<OciMount> mounts() {
    Set<String> taken =
        parts.mounts().stream().map(OciMount::destination).collect(Collectors.toSet());
    List<OciMount> mounts = new ArrayList<>();
    for (OciMount mount : LaunchDefaults.mounts(host.security().privileged())) {
      if (!taken.contains(mount.destination())) {
        mounts.add(mount);
      }
    }
    if (!taken.contains("/dev/shm")) {
      OciMount shm = sharedMemory();
      if (shm != null) {
        mounts.add(shm);
      }
    }
    parts.mounts().stream().sorted(Comparator.comparingInt(LaunchPlan::depth)).forEach(mounts::add);
    return mounts;
  }

  private static int depth(OciMount mount) {
    return (int) mount.destination().chars().filter(c -> c == '/').count();
  }

  private @Nullable OciMount sharedMemory() {
    Path shm = parts.shared().shm();
    if (shm != null) {
      return OciMount.bind(shm.toString(), "/dev/shm", List.of("rprivate"));
    }
    return host.namespaces().ipc().equals("none")
        ? null
        : LaunchDefaults.shm(host.storage().shmSizeBytes());
  }

  private IsolationSpec isolation() {
    NamespaceOptions modes = host.namespaces();
    List<Namespace> namespaces = new ArrayList<>();
    namespaces.add(Namespace.fresh(Namespace.Kind.MOUNT));
    Path network = parts.shared().network();
    if (network != null) {
      namespaces.add(Namespace.join(Namespace.Kind.NETWORK, network));
    }
    boolean ownNames = !modes.uts().equals("host");
    if (ownNames) {
      namespaces.add(Namespace.fresh(Namespace.Kind.UTS));
    }
    addShared(namespaces, Namespace.Kind.PID, modes.pid(), parts.shared().pid());
    addShared(namespaces, Namespace.Kind.IPC, modes.ipc(), parts.shared().ipc());
    if (modes.cgroupns().equals("private")) {
      namespaces.add(Namespace.fresh(Namespace.Kind.CGROUP));
    }
    String domain = config.identity().domainname();
    return new IsolationSpec(
        namespaces,
        ownNames ? parts.shared().hostname() : null,
        ownNames && !domain.isEmpty() ? domain : null,
        sysctls(network == null),
        cgroupParent(),
        host.annotations() == null ? Map.of() : host.annotations());
  }

  private static void addShared(
      List<Namespace> namespaces, Namespace.Kind kind, String mode, int pid) {
    if (mode.startsWith("container:")) {
      namespaces.add(Namespace.join(kind, Path.of("/proc/" + pid + "/ns/" + kind.word())));
    } else if (!mode.equals("host")) {
      namespaces.add(Namespace.fresh(kind));
    }
  }

  /** Those of the network are set in its namespace, before the container joins it. */
  private Map<String, String> sysctls(boolean hostNetwork) {
    Map<String, String> sysctls = new LinkedHashMap<>();
    Map<String, String> asked = host.namespaces().sysctls();
    (asked == null ? Map.<String, String>of() : asked)
        .forEach((key, value) -> {
          boolean network = key.startsWith("net.");
          if (network && hostNetwork) {
            throw EngineException.internal(
                "failed to create task for container: sysctl \""
                    + key
                    + "\" not allowed in host network namespace",
                null);
          }
          if (!network) {
            sysctls.put(key, value);
          }
        });
    return sysctls;
  }

  private @Nullable String cgroupParent() {
    String asked = host.resources().cgroupParent();
    String parent = asked.isEmpty() ? settings.defaults().cgroupParent() : asked;
    return parent.isEmpty() ? null : parent;
  }

  private SecuritySpec security() {
    SecurityOptions security = host.security();
    SecurityChoices choices =
        SecurityChoices.parse(SpecValidation.orEmpty(security.securityOptions()));
    List<SecuritySpec.Device> devices = new ArrayList<>();
    ResourceRules.orEmpty(host.resources().devices())
        .forEach(device -> devices.addAll(RuntimeResources.devices(device)));
    return new SecuritySpec(
        security.privileged(),
        Capabilities.choose(
            SpecValidation.orEmpty(security.capabilitiesAdded()),
            SpecValidation.orEmpty(security.capabilitiesDropped()),
            security.privileged()),
        parts.seccomp(),
        choices.noNewPrivileges() == null
            ? settings.defaults().noNewPrivileges()
            : choices.noNewPrivileges(),
        SpecValidation.orEmpty(security.maskedPaths()),
        SpecValidation.orEmpty(security.readonlyPaths()),
        devices,
        SpecValidation.orEmpty(host.resources().deviceCgroupRules()).stream()
            .map(SecuritySpec.DeviceRule::parse)
            .toList());
  }
}
