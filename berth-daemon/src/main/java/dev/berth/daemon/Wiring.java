package dev.berth.daemon;

import dev.berth.core.Ids;
import dev.berth.engine.Engine;
import dev.berth.engine.EngineFeatures;
import dev.berth.engine.EngineSettings;
import dev.berth.engine.EventJournal;
import dev.berth.image.ImageStorage;
import dev.berth.image.ImageStorageSettings;
import dev.berth.image.PluginArtifacts;
import dev.berth.image.RegistrySettings;
import dev.berth.metrics.MetricsSources;
import dev.berth.network.NetworkServices;
import dev.berth.network.NetworkStack;
import dev.berth.network.dns.DnsServer;
import dev.berth.network.dns.DnsSettings;
import dev.berth.network.firewall.FirewallBackend;
import dev.berth.network.firewall.FirewallGuard;
import dev.berth.network.firewall.Firewalls;
import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.ports.HostPortPublisher;
import dev.berth.plugin.PluginDirectory;
import dev.berth.plugin.PluginPatience;
import dev.berth.plugin.PluginSource;
import dev.berth.plugin.Plugins;
import dev.berth.plugin.managed.ManagedPlugins;
import dev.berth.runtime.Cgroups;
import dev.berth.runtime.OciRuntime;
import dev.berth.runtime.Runtime;
import dev.berth.runtime.RuntimeConfiguration;
import dev.berth.server.ApiServer;
import dev.berth.server.ApiTimes;
import dev.berth.server.Authorization;
import dev.berth.server.EngineApi;
import dev.berth.server.Listener;
import dev.berth.server.Product;
import dev.berth.store.SqliteStore;
import dev.berth.store.Store;
import dev.berth.volume.LocalVolumes;
import dev.berth.volume.VolumeDrivers;
import dev.berth.volume.VolumePlugins;
import dev.berth.volume.Volumes;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The engine put together, in reading order: what stands lower is opened first and closed last.
 * This is the only place that knows all the parts.
 */
final class Wiring implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Wiring.class.getName());
  private static final Product PRODUCT = new Product("0.1.0", "", "");
  private static final Duration AUTHORIZATION_PATIENCE = Duration.ofSeconds(30);

  private final DaemonConfiguration configuration;
  private final InstantSource clock = InstantSource.system();
  private final RandomGenerator random = new SecureRandom();
  private final EventJournal journal = new EventJournal(clock);
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final ApiTimes times = new ApiTimes();
  private List<Listener> listeners = List.of();
  private @Nullable DnsServer nameServer;
  private @Nullable Engine engine;
  private @Nullable Authorization authorization;

  private Wiring(DaemonConfiguration configuration) {
    this.configuration = configuration;
  }

  /**
   * Opens everything and serves; when it fails, what was opened is closed again.
   *
   * @throws dev.berth.core.EngineException that says what could not be opened and why
   */
  static Wiring open(DaemonConfiguration configuration) {
    Wiring wiring = new Wiring(configuration);
    try {
      wiring.start();
      return wiring;
    } catch (RuntimeException failure) {
      wiring.close();
      throw failure;
    }
  }

  private void start() {
    EngineSettings settings = configuration.engine();
    Thread.ofVirtual().name("preload-server").start(ApiServer::preload);
    SqliteStore store = keep(SqliteStore.open(settings.dataRoot().resolve("berth.db")));
    ImageStorage images = images(store);
    Map<String, Runtime> runtimes = runtimes();
    ManagedPlugins managed = managedPlugins(store);
    Plugins plugins =
        new Plugins(
            PluginSource.firstOf(List.of(PluginDirectory.STANDARD, managed)),
            PluginPatience.DEFAULT);
    Volumes volumes = volumes(store, plugins);
    NetworkStack network = network(store, plugins);
    EngineFeatures features =
        new EngineFeatures(
            store,
            images,
            registries(configuration),
            runtimes,
            network,
            volumes,
            journal,
            clock,
            random);
    Engine composed = keep(new Engine(settings, features));
    engine = composed;
    composed.start();
    serve(composed, managed, new Authorization(plugins, AUTHORIZATION_PATIENCE));
    showFigures(composed, store);
  }

  /** Nothing of it is loaded unless it is wanted. */
  private void showFigures(Engine composed, SqliteStore store) {
    InetSocketAddress address = configuration.metrics();
    if (address == null) {
      return;
    }
    MetricsSources sources =
        new MetricsSources(
            composed,
            times.byKind(),
            store.commits(),
            Objects.requireNonNull(nameServer, "the network is opened before").figures(),
            new MetricsSources.Build(PRODUCT.version(), PRODUCT.commit()));
    keep(new MetricsServer(sources, PRODUCT.version())).start(address);
    LOG.log(System.Logger.Level.INFO, "metrics API listening on " + address);
  }

  private void serve(Engine composed, ManagedPlugins managed, Authorization asked) {
    asked.use(configuration.authorization());
    authorization = asked;
    EngineApi.Access access =
        new EngineApi.Access(configuration.hosts().accessWarnings(), asked);
    listeners =
        configuration
            .hosts()
            .open(ActivatedSockets.of(System.getenv(), ProcessHandle.current().pid()));
    ApiServer server =
        keep(
            new ApiServer(
                EngineApi.router(composed, managed, PRODUCT, clock, access),
                PRODUCT.version(),
                asked,
                times));
    server.start(listeners);
  }

  /** Where the API is served. */
  List<Listener> listeners() {
    return listeners;
  }

  private ImageStorage images(Store store) {
    Path dataRoot = configuration.engine().dataRoot();
    ImageStorage images =
        keep(
            new ImageStorage(
                new ImageStorageSettings(
                    dataRoot, configuration.storageDriver(), configuration.storageOptions()),
                store,
                random));
    images.start();
    return images;
  }

  private static RegistrySettings registries(DaemonConfiguration configuration) {
    EngineSettings settings = configuration.engine();
    return new RegistrySettings(
        List.copyOf(settings.insecureRegistries()),
        settings.registryMirrors(),
        configuration.transfers().downloads(),
        configuration.transfers().uploads());
  }

  private Volumes volumes(Store store, Plugins plugins) {
    LocalVolumes local = keep(LocalVolumes.open(configuration.engine().dataRoot()));
    VolumeDrivers drivers = VolumePlugins.beside(local.driver(), plugins);
    Volumes volumes = new Volumes(store, drivers, journal, new Ids(random), clock);
    volumes.start();
    return volumes;
  }

  /** Those that run start here, before anybody asks for what they hold. */
  private ManagedPlugins managedPlugins(Store store) {
    EngineSettings settings = configuration.engine();
    ManagedPlugins managed =
        keep(
            new ManagedPlugins(
                new ManagedPlugins.Parts(
                    store,
                    new PluginArtifacts(() -> registries(configuration)),
                    journal,
                    new Ids(random),
                    clock,
                    this::isDriverUsed),
                settings.dataRoot().resolve("plugins"),
                settings.execRoot().resolve("plugins"),
                this::pluginRuntime));
    managed.start();
    return managed;
  }

  private boolean isDriverUsed(String driver) {
    Engine running = engine;
    return running != null
        && (running.volumes().isDriverUsed(driver) || running.networks().isDriverUsed(driver));
  }

  /** The default runtime with a place of its own: what it runs are no containers. */
  private Runtime pluginRuntime() {
    String name = configuration.engine().defaults().runtime();
    Path program = Programs.find(configuration.runtimes().getOrDefault(name, name));
    if (program == null) {
      throw Programs.missing("OCI runtime", name);
    }
    return runtime(name, program, "plugin-runtime");
  }

  /** The default runtime must be there; a further one that is missing is not offered. */
  private Map<String, Runtime> runtimes() {
    String wanted = configuration.engine().defaults().runtime();
    Map<String, Runtime> runtimes = new LinkedHashMap<>();
    configuration
        .runtimes()
        .forEach((name, program) -> {
          Path found = Programs.find(program);
          if (found != null) {
            runtimes.put(name, keep(runtime(name, found, "runtime")));
          } else if (name.equals(wanted)) {
            throw Programs.missing("OCI runtime", program);
          }
        });
    if (!runtimes.containsKey(wanted)) {
      throw DaemonConfiguration.invalid(
          Setting.DEFAULT_RUNTIME, wanted, "specified default runtime does not exist");
    }
    return runtimes;
  }

  private Runtime runtime(String name, Path program, String folder) {
    EngineSettings settings = configuration.engine();
    Path monitor = Programs.find("conmon");
    if (monitor == null) {
      throw Programs.missing("container monitor", "conmon");
    }
    return OciRuntime.open(
        new RuntimeConfiguration(
            name,
            program,
            monitor,
            settings.execRoot().resolve(folder).resolve(name),
            settings.dataRoot().resolve("runtime"),
            settings.defaults().cgroupDriver().equals("systemd")
                ? Cgroups.Driver.SYSTEMD
                : Cgroups.Driver.CGROUPFS),
        clock);
  }

  private NetworkStack network(Store store, Plugins plugins) {
    HostNamespace host = HostNamespace.own();
    FirewallBackend firewall =
        keep(Firewalls.open(configuration.firewallBackend(), configuration.firewall(), host));
    HostPortPublisher ports =
        keep(new HostPortPublisher(firewall, host, configuration.userlandProxy()));
    DnsSettings naming = DnsSettings.defaults().withOwnTtl(configuration.nameTtl());
    DnsServer names = keep(new DnsServer(naming, host));
    names.start();
    nameServer = names;
    LinkKernel kernel = keep(LinkKernel.of(host));
    NetworkServices services =
        new NetworkServices(store, journal, kernel, firewall, ports, names, clock, random, plugins);
    NetworkStack network = keep(NetworkStack.create(configuration.network(), services));
    network.start();
    keep(new FirewallGuard(firewall, FirewallGuard.USUAL_INTERVAL)).start();
    return network;
  }

  /**
   * Takes over what can change while running.
   *
   * @return whether something else was changed too, which needs a restart
   */
  boolean reload(DaemonConfiguration changed) {
    Engine running = Objects.requireNonNull(engine, "reloaded before it was started");
    Objects.requireNonNull(authorization, "reloaded before it was started")
        .use(changed.authorization());
    boolean more = running.reload(changed.engine(), registries(changed));
    return more
        || !changed.network().equals(configuration.network())
        || !changed.firewall().equals(configuration.firewall())
        || !Objects.equals(changed.metrics(), configuration.metrics())
        || !changed.hosts().equals(configuration.hosts());
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }

  /** Closes everything, last opened first; containers go on. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable part = opened.pop();
      try {
        part.close();
      } catch (Exception failure) {
        LOG.log(System.Logger.Level.WARNING, "closing " + part.getClass().getSimpleName(), failure);
      }
    }
  }
}
