package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.core.UndoStack;
import dev.berth.engine.ContainerEnd.Next;
import dev.berth.engine.ContainerState.StartFailure;
import dev.berth.engine.Containers.Removal;
import dev.berth.engine.Containers.WaitResult;
import dev.berth.engine.LiveContainer.Run;
import dev.berth.network.SandboxStatus;
import dev.berth.runtime.ContainerExit;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.LaunchException;
import java.time.Duration;
import java.time.Instant;

/** Starts containers, and follows them to their end and beyond. */
final class ContainerStart {
  private static final int UNKNOWN_FAILURE = 128;

  private final Features features;
  private final ContainerTable table;
  private final LaunchPreparation preparation;
  private final ContainerEnd end;
  private final ContainerRemoval removal;
  private final HealthProbes health;
  private final ContainerEvents events;

  ContainerStart(
      Features features,
      ContainerTable table,
      LaunchPreparation preparation,
      ContainerEnd end,
      ContainerRemoval removal,
      HealthProbes health,
      ContainerEvents events) {
    this.features = features;
    this.table = table;
    this.preparation = preparation;
    this.end = end;
    this.removal = removal;
    this.health = health;
    this.events = events;
  }

  /** Starts it because a user says so. */
  void start(LiveContainer container) {
    try {
      try (LiveContainer.Held _ = container.hold()) {
        requireStartable(container);
        Timers.Timer timer = container.restartTimer();
        if (timer != null) {
          timer.cancel();
        }
        container.restartsWith(null, Duration.ZERO);
        launch(container, container.status().withRestartCount(0).withStoppedByUser(false));
      }
    } catch (EngineException failure) {
      removeIfTransient(container);
      throw failure;
    }
    events.tell(container, "start");
  }

  /** Its removal, where a failed start leaves nothing worth keeping. */
  private void removeIfTransient(LiveContainer container) {
    boolean failed =
        switch (container.state()) {
          case ContainerState.Created created -> created.failure() != null;
          case ContainerState.Exited exited -> exited.failure() != null;
          default -> false;
        };
    if (failed && container.spec().host().lifecycle().autoRemove()) {
      Quietly.run(
          "remove " + container.id(),
          () -> removal.remove(container, new Removal(true, true, false)));
    }
  }

  private static void requireStartable(LiveContainer container) {
    switch (container.state()) {
      case ContainerState.Running running ->
          throw EngineException.notModified("container is already running");
      case ContainerState.Paused paused ->
          throw EngineException.conflict("cannot start a paused container, try unpause instead");
      case ContainerState.Removing removing -> throw markedForRemoval();
      case ContainerState.Dead dead -> throw markedForRemoval();
      case ContainerState.Created created -> {}
      case ContainerState.Restarting restarting -> {}
      case ContainerState.Exited exited -> {}
    }
  }

  private static EngineException markedForRemoval() {
    return EngineException.conflict("container is marked for removal and cannot be started");
  }

  /** Starts it because its policy says so, unless something came between. */
  void restartByPolicy(LiveContainer container) {
    try (LiveContainer.Held _ = container.hold()) {
      if (!(container.state() instanceof ContainerState.Restarting)) {
        return;
      }
      launch(container, container.status());
    } catch (EngineException failure) {
      Quietly.note("restart " + container.id(), failure);
      return;
    }
    events.tell(container, "start");
  }

  /** Starts it because the engine started. */
  void startWithEngine(LiveContainer container) {
    try (LiveContainer.Held _ = container.hold()) {
      if (ContainerState.hasProcess(container.state())) {
        return;
      }
      launch(container, container.status());
    } catch (EngineException failure) {
      Quietly.note("start " + container.id(), failure);
      return;
    }
    events.tell(container, "start");
  }

  /** Goes from no process to a running one, or back to where it was. The lock is held. */
  private void launch(LiveContainer container, ContainerStatus status) {
    container.tidied().join();
    Run run;
    try (UndoStack undo = new UndoStack("start container " + container.id())) {
      LaunchPreparation.Launch launch = preparation.prepare(container, undo);
      ContainerProcess process = create(container, launch, undo);
      connectWaitingClients(container, process);
      Instant begin = features.clock().instant();
      process.start();
      run = new Run(process);
      commit(container, status.withState(started(container, process, begin)), launch.sandbox());
      container.runs(run);
      undo.commit();
    } catch (LaunchException failure) {
      throw failed(container, status, launchFailure(failure));
    } catch (EngineException failure) {
      throw failed(container, status, new Failure(UNKNOWN_FAILURE, failure));
    } catch (RuntimeException failure) {
      String text = "the container could not be started: " + failure.getMessage();
      throw failed(
          container, status, new Failure(UNKNOWN_FAILURE, EngineException.internal(text, failure)));
    }
    health.begin(container, run);
    follow(container, run);
  }

  private ContainerProcess create(
      LiveContainer container, LaunchPreparation.Launch launch, UndoStack undo) {
    ContainerProcess process =
        features.runtime(container.spec().host().lifecycle().runtime()).create(launch.spec());
    undo.push("delete the process of " + container.id(), process::delete);
    return process;
  }

  private static void connectWaitingClients(LiveContainer container, ContainerProcess process) {
    for (AttachSession client : container.waitingClients()) {
      container.waitingClients().remove(client);
      client.connect(client.wantsInput() ? process.attach(client) : process.attachOutput(client));
    }
  }

  private static ContainerState started(
      LiveContainer container, ContainerProcess process, Instant begin) {
    return LifeEvent.next(container.state(), new LifeEvent.Started(process.pid(), begin));
  }

  private void commit(LiveContainer container, ContainerStatus status, SandboxStatus sandbox) {
    table.save(container, ContainerSandboxes.joined(status, sandbox));
  }

  /**
   * A start that failed.
   *
   * @param exitCode recorded for the container
   * @param error told to the client
   */
  private record Failure(int exitCode, EngineException error) {}

  private static Failure launchFailure(LaunchException failure) {
    EngineException error =
        failure.kind() == LaunchException.Kind.RUNTIME
            ? EngineException.internal(failure.text(), failure)
            : new EngineException(dev.berth.core.ErrorKind.INVALID, failure.text(), failure);
    return new Failure(failure.kind().exitCode(), error);
  }

  private EngineException failed(LiveContainer container, ContainerStatus status, Failure failure) {
    EngineException error = failure.error();
    StartFailure recorded = new StartFailure(failure.exitCode(), error.text());
    table.save(
        container,
        status
            .withSandbox("", "")
            .withState(LifeEvent.next(container.state(), new LifeEvent.StartFailed(recorded))));
    for (AttachSession client : container.waitingClients()) {
      container.waitingClients().remove(client);
      client.closed();
    }
    container.announceStop(new WaitResult(failure.exitCode(), error.text()));
    return error;
  }

  /** Takes over a process that an earlier engine started. The lock is held. */
  void adopt(LiveContainer container, ContainerProcess process) {
    Run run = new Run(process);
    container.runs(run);
    health.begin(container, run);
    follow(container, run);
  }

  private void follow(LiveContainer container, Run run) {
    var _ =
        run.process()
            .exit()
            .thenAcceptAsync(
                exit -> ended(container, run, exit),
                task -> Thread.ofVirtual().name("end-" + container.id()).start(task));
  }

  private void ended(LiveContainer container, Run run, ContainerExit exit) {
    health.end(container);
    switch (end.ended(container, run, exit)) {
      case Next.Rest rest -> {}
      case Next.Remove remove ->
          Quietly.run(
              "remove " + container.id(),
              () -> removal.remove(container, new Removal(true, true, false)));
      case Next.Restart restart -> restartLater(container, restart.delay());
    }
  }

  private void restartLater(LiveContainer container, Duration delay) {
    try (LiveContainer.Held _ = container.hold()) {
      if (container.state() instanceof ContainerState.Restarting) {
        container.restartsWith(
            features.surroundings().timers().after(delay, () -> restartByPolicy(container)), delay);
      }
    }
  }
}
