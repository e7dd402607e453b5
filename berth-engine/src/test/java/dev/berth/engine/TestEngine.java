package dev.berth.engine;

import dev.berth.core.Event;
import dev.berth.core.Ids;
import dev.berth.image.Digest;
import dev.berth.image.Image;
import dev.berth.image.ImageConfig;
import dev.berth.image.ImageDocument;
import dev.berth.image.Platform;
import dev.berth.store.MemoryStore;
import dev.berth.store.Store;
import dev.berth.testing.ManualClock;
import dev.berth.testing.SeededRandom;
import dev.berth.volume.VolumeDrivers;
import dev.berth.volume.Volumes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Containers on fakes of all the features. */
final class TestEngine {
  final ManualClock clock = ManualClock.atFixedStart();
  final ManualTimers timers = new ManualTimers();
  final EventJournal journal = new EventJournal(clock);
  final FakeRuntime runtime;
  final FakeRoots roots;
  final FakeSandboxes sandboxes;
  final FakeVolumes volumes;
  final FakeNetworks networks = new FakeNetworks();
  final Features features;
  final ContainerTable table;
  final ContainerLife life;
  final Containers containers;
  final Attachments attachments;

  TestEngine(Path directory) {
    this(directory, () -> {});
  }

  TestEngine(Path directory, Runnable fault) {
    this(directory, fault, new MemoryStore(), new FakeRuntime(fault), 1);
  }

  /** One more engine on the same machine, as after a crash. */
  TestEngine(Path directory, Store store, FakeRuntime runtime) {
    this(directory, () -> {}, store, runtime, 2);
  }

  private TestEngine(Path directory, Runnable fault, Store store, FakeRuntime runtime, long seed) {
    this.runtime = runtime;
    this.roots = new FakeRoots(directory.resolve("roots"), fault);
    this.sandboxes = new FakeSandboxes(fault);
    this.volumes = new FakeVolumes(fault);
    RandomGenerator random = SeededRandom.create(seed);
    EngineSettings settings =
        new EngineSettings(
            directory,
            directory.resolve("run"),
            List.of(),
            EngineSettings.ContainerDefaults.standard(),
            "json-file",
            Map.of(),
            Duration.ofSeconds(15),
            false,
            Set.of(),
            List.of());
    this.features =
        new Features(
            settings,
            store,
            reference -> image(),
            roots,
            "overlay2",
            Map.of("crun", runtime),
            networks,
            sandboxes,
            new Volumes(store, VolumeDrivers.of(volumes), journal, new Ids(random), clock),
            journal,
            new Features.Surroundings(clock, timers, random, new Ids(random)));
    this.table = new ContainerTable(store);
    this.life = new ContainerLife(features, table);
    this.containers = life.containers();
    this.attachments =
        new Attachments(table, new ContainerLogs(features, table), life.events(), timers);
  }

  static Image image() {
    ImageConfig config =
        new ImageConfig(
            "",
            Set.of(),
            List.of("PATH=/bin", "FROM=image"),
            null,
            List.of("sh"),
            Set.of(),
            "",
            Map.of("vendor", "test"),
            null,
            null,
            List.of(),
            null,
            false);
    return new Image(
        Digest.of(new byte[0]),
        document(config),
        List.of("busybox:latest"),
        List.of(),
        null,
        100,
        null,
        new Image.GraphDriver("overlay2", Map.of()));
  }

  private static ImageDocument document(ImageConfig config) {
    return new ImageDocument(null, "", "", "", Platform.host(), "", config, List.of(), List.of());
  }

  String create(String name, ContainerSpec spec) {
    return containers.create(name, null, spec).id();
  }

  LiveContainer live(String reference) {
    return table.require(reference);
  }

  /** Ends a container's process and waits until the engine has dealt with it. */
  void end(String id, int exitCode) {
    LiveContainer.Run run = live(id).run();
    if (run == null) {
      throw new AssertionError(id + " does not run");
    }
    runtime.process(id).end(exitCode, clock.instant());
    run.exited().join();
  }

  List<String> actions() {
    return journal.remembered(Filters.NONE).stream()
        .filter(event -> event.type() == Event.Type.CONTAINER)
        .map(Event::action)
        .toList();
  }
}
