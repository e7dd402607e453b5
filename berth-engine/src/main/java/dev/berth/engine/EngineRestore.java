package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.ContainerEnd.Next;
import dev.berth.engine.ContainerTable.Intent;
import dev.berth.engine.LiveContainer.Run;
import dev.berth.runtime.ContainerExit;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.Runtime;
import dev.berth.volume.Volume;
import dev.berth.volume.VolumeFilter;
import dev.berth.volume.Volumes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings the stored containers and the machine together when the engine starts: those that still
 * run are taken over, the ends of the others are made good, and what a crash left half-made goes.
 */
final class EngineRestore {
  private static final int LOST = 255;

  private final Features features;
  private final ContainerTable table;
  private final ContainerMounts mounts;
  private final ContainerStart start;
  private final ContainerEnd end;
  private final ContainerRemoval removal;

  EngineRestore(
      Features features,
      ContainerTable table,
      ContainerMounts mounts,
      Containers.Steps steps,
      ContainerEnd end) {
    this.features = features;
    this.table = table;
    this.mounts = mounts;
    this.start = steps.start();
    this.end = end;
    this.removal = steps.removal();
  }

  void restore() {
    List<Intent> intents = table.load();
    Map<LiveContainer, ContainerProcess> found = new LinkedHashMap<>();
    Set<String> running = new HashSet<>();
    for (LiveContainer container : table.all()) {
      recover(container)
          .ifPresent(process -> {
            found.put(container, process);
            boolean alive =
                ContainerState.hasProcess(container.state()) && !process.exit().isDone();
            if (alive) {
              running.add(container.id());
            }
          });
    }
    purgeUnknown();
    features.sandboxes().restore(running);
    reserveAddresses();
    for (LiveContainer container : table.all()) {
      mounts.restore(container.definition(), running.contains(container.id()));
    }
    Quietly.run("settle volumes", features.volumes()::settle);
    Set<String> temporary = new HashSet<>();
    for (Intent intent : intents) {
      if (table.byId(intent.id()) == null) {
        unwind(intent);
      } else {
        temporary.add(intent.id());
      }
    }
    List<Runnable> later = new ArrayList<>();
    for (LiveContainer container : table.all()) {
      Runnable next = takeUp(container, found.get(container), running.contains(container.id()));
      later.add(temporary.contains(container.id()) ? () -> removeStep(container) : next);
    }
    later.forEach(action -> Thread.ofVirtual().name("restore").start(action));
  }

  /** The container of a build that ended with the engine. */
  private void removeStep(LiveContainer container) {
    Quietly.run(
        "remove " + container.id(),
        () -> removal.remove(container, new Containers.Removal(true, true, false)));
  }

  /** Before anything starts: what a stopped container has asked for is given to no other. */
  private void reserveAddresses() {
    for (LiveContainer container : table.all()) {
      Quietly.run(
          "set the addresses of " + container.id() + " apart",
          () ->
              features
                  .sandboxes()
                  .reserve(
                      container.id(), SandboxPlan.fixedAddresses(container.status().endpoints())));
    }
  }

  private Optional<ContainerProcess> recover(LiveContainer container) {
    try {
      return runtime(container).recover(container.id());
    } catch (EngineException failure) {
      Quietly.note("recover " + container.id(), failure);
      return Optional.empty();
    }
  }

  /**
   * What a runtime holds of containers that have no record: the engine was killed before it had
   * kept one, or after it was gone but before the files were. One that has a record is never
   * touched here, even if it could not be asked just now: containers go on.
   */
  private void purgeUnknown() {
    Set<String> known = table.all().stream().map(LiveContainer::id).collect(Collectors.toSet());
    for (Runtime runtime : features.runtimes().values()) {
      Quietly.run(
          "purge what " + runtime.name() + " has left",
          () -> {
            for (String id : runtime.remains()) {
              if (!known.contains(id)) {
                Quietly.run("purge " + id, () -> runtime.purge(id));
              }
            }
          });
    }
  }

  private Runtime runtime(LiveContainer container) {
    return features.runtime(container.spec().host().lifecycle().runtime());
  }

  /** A creation that was cut short: nothing of it stays. */
  private void unwind(Intent intent) {
    String id = intent.id();
    Quietly.run("remove the root of " + id, () -> features.roots().remove(id));
    Quietly.run(
        "delete the directory of " + id,
        () -> ContainerDirectory.of(features.settings(), id).delete());
    Quietly.run("remove volumes of " + id, () -> removeOrphans(intent));
    table.abandon(id);
  }

  private void removeOrphans(Intent intent) {
    for (Volume volume : features.volumes().list(VolumeFilter.none()).volumes()) {
      boolean orphan =
          volume.record().labels() != null
              && volume.record().labels().containsKey(Volumes.ANONYMOUS_LABEL)
              && !volume.record().created().isBefore(intent.begun())
              && volume.status().users().isEmpty();
      if (orphan) {
        features.volumes().remove(volume.name(), true);
      }
    }
  }

  /** Settles one container; returns what may take its time. */
  private Runnable takeUp(
      LiveContainer container,
      @org.jspecify.annotations.Nullable ContainerProcess process,
      boolean alive) {
    if (process != null && alive) {
      try (LiveContainer.Held _ = container.hold()) {
        start.adopt(container, process);
      }
      return () -> {};
    }
    if (ContainerState.hasProcess(container.state())) {
      Next next = process == null ? lost(container) : endedMeanwhile(container, process);
      return () -> act(container, next);
    }
    if (process != null) {
      // A start that the crash cut short before it was committed.
      Quietly.run("delete " + container.id(), process::delete);
      end.release(container);
    }
    return switch (container.state()) {
      case ContainerState.Restarting restarting -> () -> start.restartByPolicy(container);
      case ContainerState.Removing removing -> () -> removeAgain(container);
      case ContainerState.Exited exited -> afterExit(container);
      default -> () -> {};
    };
  }

  private Next endedMeanwhile(LiveContainer container, ContainerProcess process) {
    Run run = new Run(process);
    container.runs(run);
    return withEngine(end.ended(container, run, process.exit().join()));
  }

  /** Nothing is left of it, as after a reboot of the machine. */
  private Next lost(LiveContainer container) {
    ContainerProcess nothing = new LostProcess(container.id());
    Run run = new Run(nothing);
    container.runs(run);
    ContainerExit exit = new ContainerExit(LOST, false, features.clock().instant());
    return withEngine(end.ended(container, run, exit));
  }

  /** At the engine's start there is no reason to wait with a restart. */
  private static Next withEngine(Next next) {
    return next instanceof Next.Restart ? new Next.Restart(java.time.Duration.ZERO) : next;
  }

  private void act(LiveContainer container, Next next) {
    switch (next) {
      case Next.Rest rest -> afterExit(container).run();
      case Next.Remove remove -> removeAgain(container);
      case Next.Restart restart -> start.restartByPolicy(container);
    }
  }

  private Runnable afterExit(LiveContainer container) {
    HostOptions.Lifecycle lifecycle = container.spec().host().lifecycle();
    if (lifecycle.autoRemove()) {
      return () -> removeAgain(container);
    }
    boolean wanted =
        RestartRules.startsWithEngine(lifecycle.restart(), container.status().stoppedByUser());
    return wanted ? () -> start.startWithEngine(container) : () -> {};
  }

  private void removeAgain(LiveContainer container) {
    Quietly.run(
        "remove " + container.id(),
        () -> {
          try (LiveContainer.Held _ = container.hold()) {
            removal.tearDown(container, true);
          }
        });
  }
}
