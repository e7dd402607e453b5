package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.LiveContainer.Run;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Signals processes of containers and waits for their end. */
final class ContainerStop {
  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(10);
  private static final Duration PATIENCE_AFTER_KILL = Duration.ofSeconds(10);
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private final ContainerTable table;
  private final ContainerEvents events;

  ContainerStop(ContainerTable table, ContainerEvents events) {
    this.table = table;
    this.events = events;
  }

  static EngineException notRunning(LiveContainer container) {
    return EngineException.conflict("container " + container.id() + " is not running");
  }

  /** Stops it as {@link Containers#stop} says. */
  void stop(LiveContainer container, @Nullable String signal, @Nullable Integer timeoutSeconds) {
    if (!isActive(container)) {
      throw EngineException.notModified("container " + container.id() + " is already stopped");
    }
    stopActive(container, signal, timeoutSeconds);
    events.tell(container, "stop");
  }

  static boolean isActive(LiveContainer container) {
    return ContainerState.hasProcess(container.state())
        || container.state() instanceof ContainerState.Restarting;
  }

  private void stopActive(
      LiveContainer container, @Nullable String signal, @Nullable Integer timeoutSeconds) {
    ContainerConfig.Stop configured = container.spec().config().stop();
    String name = signal == null || signal.isEmpty() ? configured.signal() : signal;
    int number = name == null || name.isEmpty() ? Signals.SIGTERM : Signals.parse(name);
    Duration patience = patience(timeoutSeconds, configured.timeoutSeconds());
    Run run = send(container, number, true);
    if (run == null || ends(run, patience)) {
      return;
    }
    killAndWait(container);
  }

  private static Duration patience(@Nullable Integer asked, @Nullable Integer configured) {
    Integer seconds = asked == null ? configured : asked;
    if (seconds == null) {
      return DEFAULT_PATIENCE;
    }
    return seconds < 0 ? FOR_EVER : Duration.ofSeconds(seconds);
  }

  /**
   * Sends a signal.
   *
   * @param ending whether it is meant to end the process, so that no policy starts it again
   * @return what runs, or null when it was only waiting for its next start
   */
  private @Nullable Run send(LiveContainer container, int signal, boolean ending) {
    Run run;
    try (LiveContainer.Held _ = container.hold()) {
      if (container.state() instanceof ContainerState.Restarting) {
        cancelRestart(container);
        return null;
      }
      run = container.run();
      if (run == null) {
        return null;
      }
      if (ending && !container.status().stoppedByUser()) {
        table.save(container, container.status().withStoppedByUser(true));
      }
      boolean frozen = ending && container.state() instanceof ContainerState.Paused;
      run.process().kill(signal);
      if (frozen) {
        run.process().resume();
        table.move(container, new LifeEvent.Thawed());
      }
      events.tell(container, "kill", Map.of("signal", Integer.toString(signal)));
    }
    return run;
  }

  /** The lock is held. */
  private void cancelRestart(LiveContainer container) {
    Timers.Timer timer = container.restartTimer();
    if (timer != null) {
      timer.cancel();
    }
    container.restartsWith(null, Duration.ZERO);
    table.save(
        container,
        container
            .status()
            .withStoppedByUser(true)
            .withState(LifeEvent.next(container.state(), new LifeEvent.RestartCancelled())));
    container.announceStop(container.lastResult());
  }

  private static boolean ends(Run run, Duration patience) {
    try {
      run.exited().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (ExecutionException impossible) {
      throw new AssertionError("an end is never told as a failure", impossible);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw EngineException.internal("interrupted while waiting for the container", interrupted);
    }
  }

  /** Sends SIGKILL, to all that lives in it if need be, and waits for the end. */
  void killAndWait(LiveContainer container) {
    Run run = send(container, Signals.SIGKILL, true);
    if (run == null || ends(run, PATIENCE_AFTER_KILL)) {
      return;
    }
    run.process().killAll();
    if (!ends(run, PATIENCE_AFTER_KILL)) {
      throw EngineException.internal(
          "tried to kill container, but did not receive an exit event", null);
    }
  }

  /** Sends a signal as {@link Containers#kill} says. */
  void kill(LiveContainer container, String signal) {
    int number = signal.isEmpty() || signal.equals("0") ? Signals.SIGKILL : Signals.parse(signal);
    if (!isActive(container)) {
      throw notRunning(container);
    }
    if (number == Signals.SIGKILL) {
      killAndWait(container);
      return;
    }
    String stopSignal = container.spec().config().stop().signal();
    int ending =
        stopSignal == null || stopSignal.isEmpty() ? Signals.SIGTERM : Signals.parse(stopSignal);
    send(container, number, number == ending);
  }
}
