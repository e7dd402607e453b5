package dev.berth.server;

import dev.berth.api.AddressPool;
import dev.berth.api.BridgeFilterInfo;
import dev.berth.api.CommitInfo;
import dev.berth.api.FirewallInfo;
import dev.berth.api.IndexInfo;
import dev.berth.api.InfoCounts;
import dev.berth.api.InfoEngine;
import dev.berth.api.InfoHost;
import dev.berth.api.InfoLimits;
import dev.berth.api.NondistributableArtifacts;
import dev.berth.api.PluginsInfo;
import dev.berth.api.RegistryServiceConfig;
import dev.berth.api.RuntimeInfo;
import dev.berth.api.SwarmInfo;
import dev.berth.api.SystemInfo;
import dev.berth.api.SystemVersion;
import dev.berth.engine.EngineSettings;
import dev.berth.engine.SystemInfo.KernelSupport;
import dev.berth.engine.SystemInfo.Machine;
import dev.berth.engine.SystemInfo.Summary;
import dev.berth.image.Platform;
import dev.berth.image.StorageDriver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code info} and {@code version} show. */
final class SystemMapper {
  private static final String INDEX = "https://index.docker.io/v1/";
  private static final List<String> LOG_DRIVERS = List.of("json-file", "local", "none");

  private final Product product;
  private final EngineSettings settings;
  private final Summary summary;

  SystemMapper(Product product, EngineSettings settings, Summary summary) {
    this.product = product;
    this.settings = settings;
    this.summary = summary;
  }

  SystemVersion version() {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("ApiVersion", ApiVersion.MAXIMUM.toString());
    details.put("Arch", Platform.host().architecture());
    details.put("BuildTime", product.built());
    details.put("Experimental", "false");
    details.put("GitCommit", product.commit());
    details.put("GoVersion", runtime());
    details.put("KernelVersion", summary.machine().kernelVersion());
    details.put("MinAPIVersion", ApiVersion.MINIMUM.toString());
    details.put("Os", "linux");
    List<SystemVersion.Component> components = new ArrayList<>();
    components.add(new SystemVersion.Component("Engine", product.version(), details));
    component(components, settings.defaults().runtime(), summary.runtimeVersion());
    component(components, "conmon", summary.monitorVersion());
    component(components, "docker-init", summary.initVersion());
    return new SystemVersion(
        new SystemVersion.Platform("Berth"),
        components,
        product.version(),
        ApiVersion.MAXIMUM.toString(),
        ApiVersion.MINIMUM.toString(),
        product.commit(),
        runtime(),
        "linux",
        Platform.host().architecture(),
        summary.machine().kernelVersion(),
        false,
        product.built());
  }

  /** Clients show it as the Go version; here it is the Java runtime. */
  private static String runtime() {
    return "java" + Runtime.version().feature();
  }

  private static void component(
      List<SystemVersion.Component> components, String name, String version) {
    if (!version.isEmpty()) {
      components.add(new SystemVersion.Component(name, version, Map.of("GitCommit", "")));
    }
  }

  /**
   * What the engine is using.
   *
   * @param storageDriver in use
   * @param storageStatus what holds of it here
   * @param runtimes the names of the OCI runtimes there are
   * @param volumeDrivers the names of those that answered so far
   * @param networkDrivers likewise
   * @param addressPools that were configured
   * @param firewall the backend
   * @param eventListeners clients of events at present
   */
  record InUse(
      String storageDriver,
      List<StorageDriver.Fact> storageStatus,
      List<String> runtimes,
      List<String> volumeDrivers,
      List<String> networkDrivers,
      List<AddressPool> addressPools,
      FirewallInfo firewall,
      int eventListeners) {}

  SystemInfo info(InUse inUse, ApiVersion version, Instant now) {
    return new SystemInfo(
        summary.engineId(),
        new InfoCounts(
            summary.running() + summary.paused() + summary.stopped(),
            summary.running(),
            summary.paused(),
            summary.stopped(),
            summary.images(),
            summary.machine().engineDescriptors(),
            summary.machine().engineThreads(),
            inUse.eventListeners()),
        limits(),
        host(now),
        engine(inUse, version),
        version.atLeast(50) ? null : new BridgeFilterInfo(false, false),
        summary.warnings().isEmpty() ? null : summary.warnings());
  }

  private InfoLimits limits() {
    KernelSupport kernel = summary.kernel();
    return new InfoLimits(
        kernel.memoryLimit(),
        kernel.swapLimit(),
        kernel.cpuPeriod(),
        kernel.cpuQuota(),
        kernel.cpuShares(),
        kernel.cpuSet(),
        kernel.pidsLimit(),
        kernel.ipv4Forwarding(),
        kernel.oomKillDisable(),
        settings.defaults().cgroupDriver(),
        Integer.toString(kernel.cgroupVersion()));
  }

  private InfoHost host(Instant now) {
    Machine machine = summary.machine();
    return new InfoHost(
        machine.hostname(),
        machine.kernelVersion(),
        machine.operatingSystem(),
        machine.operatingSystemVersion(),
        "linux",
        machine.architecture(),
        machine.cpus(),
        machine.memoryBytes(),
        GoTime.format(now),
        proxy("HTTP_PROXY"),
        proxy("HTTPS_PROXY"),
        proxy("NO_PROXY"));
  }

  /** A proxy of the engine's environment, without credentials. */
  private static String proxy(String name) {
    String value = System.getenv(name);
    if (value == null) {
      value = System.getenv(name.toLowerCase(Locale.ROOT));
    }
    return value == null ? "" : value.replaceFirst("//[^/@]*@", "//xxxxx:xxxxx@");
  }

  private InfoEngine engine(InUse inUse, ApiVersion version) {
    Map<String, RuntimeInfo> runtimes = new LinkedHashMap<>();
    inUse.runtimes().forEach(name -> runtimes.put(name, new RuntimeInfo(name, null, null)));
    return new InfoEngine(
        inUse.storageDriver(),
        inUse.storageStatus().stream().map(fact -> List.of(fact.name(), fact.value())).toList(),
        new PluginsInfo(inUse.volumeDrivers(), inUse.networkDrivers(), null, LOG_DRIVERS),
        settings.debug(),
        settings.logDriver(),
        INDEX,
        registries(version),
        null,
        settings.dataRoot().toString(),
        settings.labels(),
        false,
        product.version(),
        runtimes,
        settings.defaults().runtime(),
        new SwarmInfo("", "", "inactive", false, "", null),
        true,
        "",
        "docker-init",
        commit("", version),
        commit(summary.runtimeVersion(), version),
        commit(summary.initVersion(), version),
        securityOptions(version),
        "",
        inUse.addressPools().isEmpty() ? null : inUse.addressPools(),
        version.atLeast(49) ? inUse.firewall() : null,
        List.of());
  }

  /** Before 1.49 the same twice: clients compared what was found with what was expected. */
  private static CommitInfo commit(String found, ApiVersion version) {
    String known = found.isEmpty() ? "N/A" : found;
    return new CommitInfo(known, version.atLeast(49) ? "" : known);
  }

  /** Before 1.25 their names alone. */
  private List<String> securityOptions(ApiVersion version) {
    List<String> options = securityOptions();
    return version.atLeast(25)
        ? options
        : options.stream().map(option -> option.replaceFirst("^name=([^,]*).*", "$1")).toList();
  }

  private List<String> securityOptions() {
    List<String> options = new ArrayList<>();
    if (summary.kernel().apparmor()) {
      options.add("name=apparmor");
    }
    if (summary.kernel().seccomp()) {
      options.add("name=seccomp,profile=builtin");
    }
    if (summary.kernel().cgroupVersion() == 2) {
      options.add("name=cgroupns");
    }
    return options;
  }

  private RegistryServiceConfig registries(ApiVersion version) {
    List<String> insecure = new ArrayList<>(List.of("::1/128", "127.0.0.0/8"));
    Map<String, IndexInfo> known = new LinkedHashMap<>();
    known.put("docker.io", new IndexInfo("docker.io", settings.registryMirrors(), true, true));
    for (String registry : settings.insecureRegistries()) {
      if (registry.contains("/")) {
        insecure.add(registry);
      } else {
        known.put(registry, new IndexInfo(registry, List.of(), false, false));
      }
    }
    return new RegistryServiceConfig(
        version.atLeast(47) ? null : new NondistributableArtifacts(null, null),
        insecure,
        known,
        settings.registryMirrors());
  }
}
