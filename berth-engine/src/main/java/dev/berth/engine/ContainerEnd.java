package dev.berth.engine;

import dev.berth.engine.ContainerState.Ending;
import dev.berth.engine.Containers.WaitResult;
import dev.berth.engine.LiveContainer.Run;
import dev.berth.linux.Mounts;
import dev.berth.runtime.ContainerExit;
import dev.berth.runtime.ContainerProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What follows the end of a container's process. */
final class ContainerEnd {
  private final Features features;
  private final ContainerTable table;
  private final ContainerMounts mounts;
  private final ContainerEvents events;

  /** What is to be done next, outside of the container's lock. */
  sealed interface Next {
    /** Nothing. */
    record Rest() implements Next {}

    /** Remove it. */
    record Remove() implements Next {}

    /** Start it again after a while. */
    record Restart(Duration delay) implements Next {}
  }

  ContainerEnd(
      Features features, ContainerTable table, ContainerMounts mounts, ContainerEvents events) {
    this.features = features;
    this.table = table;
    this.mounts = mounts;
    this.events = events;
  }

  /** The process has ended: frees what it had, commits, tells, wakes those who wait. */
  Next ended(LiveContainer container, Run run, ContainerExit exit) {
    Next next;
    Ending ending;
    try (LiveContainer.Held _ = container.hold()) {
      if (container.run() != run) {
        return new Next.Rest();
      }
      ending = ending(container, exit);
      next = decide(container, ending);
      release(container);
      container.runs(null);
      container.feels(null);
      container.tidies(delete(run.process()));
      commit(container, ending, next);
      tell(container, ending);
      container.announceExit(
          new WaitResult(ending.exitCode(), null), !(next instanceof Next.Restart));
    }
    run.exited().complete(null);
    return next;
  }

  private static Ending ending(LiveContainer container, ContainerExit exit) {
    Instant startedAt =
        switch (container.state()) {
          case ContainerState.Running running -> running.startedAt();
          case ContainerState.Paused paused -> paused.startedAt();
          default -> exit.finishedAt();
        };
    Instant finishedAt = exit.finishedAt().isBefore(startedAt) ? startedAt : exit.finishedAt();
    return new Ending(exit.exitCode(), exit.outOfMemory(), startedAt, finishedAt);
  }

  private static Next decide(LiveContainer container, Ending ending) {
    HostOptions.Lifecycle lifecycle = container.spec().host().lifecycle();
    ContainerStatus status = container.status();
    if (RestartRules.restarts(
        lifecycle.restart(), ending.exitCode(), status.restartCount(), status.stoppedByUser())) {
      Duration ran = Duration.between(ending.startedAt(), ending.finishedAt());
      return new Next.Restart(RestartRules.delay(container.restartDelay(), ran));
    }
    return lifecycle.autoRemove() ? new Next.Remove() : new Next.Rest();
  }

  private void commit(LiveContainer container, Ending ending, Next next) {
    ContainerStatus status = container.status().withSandbox("", "");
    if (next instanceof Next.Restart) {
      table.save(
          container,
          status
              .withRestartCount(status.restartCount() + 1)
              .withState(LifeEvent.next(container.state(), new LifeEvent.EndedToRestart(ending))));
    } else {
      table.save(
          container,
          status.withState(LifeEvent.next(container.state(), new LifeEvent.Ended(ending))));
    }
  }

  private void tell(LiveContainer container, Ending ending) {
    if (ending.oomKilled()) {
      events.tell(container, "oom");
    }
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("exitCode", Integer.toString(ending.exitCode()));
    facts.put(
        "execDuration",
        Long.toString(Duration.between(ending.startedAt(), ending.finishedAt()).toSeconds()));
    events.tell(container, "die", facts);
  }

  /** Frees network, volumes and root; goes on past errors. The lock is held. */
  void release(LiveContainer container) {
    String id = container.id();
    Quietly.run("close the sandbox of " + id, () -> features.sandboxes().close(id));
    mounts.unmount(container.definition());
    unmountShared(container);
    Quietly.run("unmount the root of " + id, () -> features.roots().unmount(id));
  }

  private void unmountShared(LiveContainer container) {
    if (container.spec().host().namespaces().ipc().equals("shareable")) {
      String shm = ContainerDirectory.of(features.settings(), container.id()).shm().toString();
      Quietly.run("unmount " + shm, () -> Mounts.detachIfMounted(shm));
    }
  }

  /**
   * The runtime's part takes longest and nobody waits for it, but for the next start or removal.
   */
  private static CompletableFuture<Void> delete(ContainerProcess process) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("delete-" + process.id())
        .start(() -> {
          Quietly.run("delete " + process.id(), process::delete);
          done.complete(null);
        });
    return done;
  }
}
