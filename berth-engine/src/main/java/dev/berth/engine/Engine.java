package dev.berth.engine;

import dev.berth.core.Event;
import dev.berth.core.Ids;
import dev.berth.core.SharedWork;
import dev.berth.image.Digest;
import dev.berth.image.ImageFilters;
import dev.berth.image.ImageUsers;
import dev.berth.image.Images;
import dev.berth.image.RegistrySettings;
import dev.berth.image.RootFilesystems;
import dev.berth.image.StorageDriver;
import dev.berth.network.NetworkSettings;
import dev.berth.network.firewall.HostNamespace;
import dev.berth.volume.Volumes;
import java.util.List;
import java.util.Map;

/** The engine: what the server talks to. Composed by hand, in reading order. */
public final class Engine implements AutoCloseable {
  private volatile EngineSettings settings;
  private final EngineFeatures parts;
  private final Images images;
  private final EngineRestore restore;
  private final Containers containers;
  private final Attachments attachments;
  private final ContainerLogs logs;
  private final Execs execs;
  private final ContainerStats stats;
  private final ContainerFiles files;
  private final ContainerCommits commits;
  private final Builds builds;
  private final EngineNetworks networks;
  private final NetworkExplanations explanations;
  private final VolumeOperations volumeOperations;
  private final VolumeBench volumeBench;
  private final SystemInfo system;
  private final SharedWork<List<Container>> measuredContainers;

  /**
   * Composes; nothing happens before {@link #start}.
   *
   * @param settings of the engine
   * @param parts opened by the daemon
   */
  public Engine(EngineSettings settings, EngineFeatures parts) {
    this.settings = settings;
    this.parts = parts;
    ContainerTable table = new ContainerTable(parts.store());
    this.images =
        new Images(
            parts.imageStorage(),
            usersOfImages(table),
            parts.journal(),
            parts.clock(),
            parts.registries());
    Features features =
        new Features(
            settings,
            parts.store(),
            images::find,
            Roots.of(new RootFilesystems(parts.imageStorage())),
            parts.imageStorage().driverName(),
            parts.runtimes(),
            parts.network().networks(),
            parts.network().sandboxes(),
            parts.volumes(),
            parts.journal(),
            new Features.Surroundings(
                parts.clock(), Timers.real(), parts.random(), new Ids(parts.random())));
    ContainerLife life = new ContainerLife(features, table);
    this.restore = life.restore();
    this.containers = life.containers();
    this.measuredContainers =
        new SharedWork<>(() -> containers.list(new ContainerQuery(true, 0, true, Filters.NONE)));
    this.execs = life.execs();
    this.logs = new ContainerLogs(features, table);
    this.attachments =
        new Attachments(table, logs, life.events(), features.surroundings().timers());
    this.stats = new ContainerStats(table);
    this.files = new ContainerFiles(features, table, life.events());
    this.commits = new ContainerCommits(features, table, containers, images, life.events());
    this.builds =
        new Builds(new Builds.BuildParts(features, table, containers, attachments, images));
    this.networks = new EngineNetworks(features, table);
    this.explanations = new NetworkExplanations(features, table, HostNamespace.own());
    this.volumeOperations = new VolumeOperations(features, table, containers);
    this.volumeBench = new VolumeBench(features);
    this.system =
        new SystemInfo(features, table, () -> images.list(ImageFilters.NONE, true).size());
  }

  private static ImageUsers usersOfImages(ContainerTable table) {
    return (Digest image) -> {
      String id = image.toString();
      return table.all().stream()
          .filter(container -> container.definition().imageId().equals(id))
          .map(container ->
              new ImageUsers.User(container.id(), ContainerState.hasProcess(container.state())))
          .toList();
    };
  }

  /** Takes up the containers that are stored; returns when all of them can be asked about. */
  public void start() {
    restore.restore();
    volumeOperations.start();
    builds.start();
  }

  /**
   * Takes over what can change while running: labels, debug, the time that closing may take, and
   * how registries are spoken to. Tells of it by Docker's event.
   *
   * @return whether the settings hold anything else that is changed and needs a restart
   */
  public boolean reload(EngineSettings wanted, RegistrySettings registries) {
    EngineSettings before = settings;
    settings = before.reloadedFrom(wanted);
    images.reload(registries);
    Map<String, String> attributes =
        Map.of(
            "name", system.summary().machine().hostname(),
            "debug", Boolean.toString(wanted.debug()),
            "labels", wanted.labels().toString(),
            "insecure-registries", wanted.insecureRegistries().toString(),
            "shutdown-timeout", Long.toString(wanted.shutdownTimeout().toSeconds()));
    parts
        .journal()
        .publish(
            new Event(
                Event.Type.DAEMON,
                "reload",
                system.summary().engineId(),
                attributes,
                parts.clock().instant()));
    return !settings.equals(wanted);
  }

  /** What it was composed with, and reloaded since. */
  public EngineSettings settings() {
    return settings;
  }

  /** The life of containers. */
  public Containers containers() {
    return containers;
  }

  /** Their standard streams. */
  public Attachments attachments() {
    return attachments;
  }

  /** What they wrote. */
  public ContainerLogs logs() {
    return logs;
  }

  /** Further processes in them. */
  public Execs execs() {
    return execs;
  }

  /** What they use. */
  public ContainerStats stats() {
    return stats;
  }

  /** Their files. */
  public ContainerFiles files() {
    return files;
  }

  /** Images made of them. */
  public ContainerCommits commits() {
    return commits;
  }

  /** Images built from Dockerfiles. */
  public Builds builds() {
    return builds;
  }

  /** What happened. */
  public EventJournal events() {
    return parts.journal();
  }

  /** Images. */
  public Images images() {
    return images;
  }

  /** Networks. */
  public EngineNetworks networks() {
    return networks;
  }

  /** Who reaches whom. */
  public NetworkExplanations explanations() {
    return explanations;
  }

  /** Volumes. */
  public Volumes volumes() {
    return parts.volumes();
  }

  /** Operations on whole volumes. */
  public VolumeOperations volumeOperations() {
    return volumeOperations;
  }

  /** Measures volumes. */
  public VolumeBench volumeBench() {
    return volumeBench;
  }

  /** The engine itself. */
  public SystemInfo system() {
    return system;
  }

  /** The names of the OCI runtimes there are. */
  public List<String> runtimeNames() {
    return parts.runtimes().keySet().stream().sorted().toList();
  }

  /** The name of the driver that stacks layers. */
  public String storageDriver() {
    return parts.imageStorage().driverName();
  }

  /** All containers with their sizes; whoever asks meanwhile gets the same. */
  public List<Container> measuredContainers() {
    return measuredContainers.get();
  }

  /** What holds for all networks. */
  public NetworkSettings networkSettings() {
    return parts.network().settings();
  }

  /** The name of the packet filter's backend. */
  public String firewallBackend() {
    return parts.network().firewallBackend();
  }

  /** What info tells of that driver. */
  public List<StorageDriver.Fact> storageStatus() {
    return parts.imageStorage().driverStatus();
  }

  /** Stops the engine; containers go on. The features are closed by whoever opened them. */
  @Override
  public void close() {}
}
