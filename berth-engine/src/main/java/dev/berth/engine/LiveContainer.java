package dev.berth.engine;

import dev.berth.engine.Containers.WaitResult;
import dev.berth.runtime.ContainerProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A container in this process. Its lock makes the steps of its life follow one another; what it
 * holds may be read by anyone at any time.
 */
final class LiveContainer {
  private final ReentrantLock lock = new ReentrantLock();
  private final List<AttachSession> waitingClients = new CopyOnWriteArrayList<>();
  private volatile ContainerRecord definition;
  private volatile ContainerStatus status;
  private volatile @Nullable Run run;
  private volatile ContainerStatus.@Nullable Health health;
  private volatile CompletableFuture<WaitResult> nextExit = new CompletableFuture<>();
  private volatile CompletableFuture<WaitResult> stopped = new CompletableFuture<>();
  private final CompletableFuture<WaitResult> removed = new CompletableFuture<>();
  private CompletableFuture<?> tidied = CompletableFuture.completedFuture(null);
  private Timers.@Nullable Timer restartTimer;
  private Duration restartDelay = Duration.ZERO;

  /** One run of its process. Two runs are never equal. */
  static final class Run {
    private final ContainerProcess process;
    private final CompletableFuture<Void> exited = new CompletableFuture<>();

    Run(ContainerProcess process) {
      this.process = process;
    }

    /** The runtime's process. */
    ContainerProcess process() {
      return process;
    }

    /** Completes after everything that follows the end of the process is done. */
    CompletableFuture<Void> exited() {
      return exited;
    }
  }

  LiveContainer(ContainerRecord definition, ContainerStatus status) {
    this.definition = definition;
    this.status = status;
  }

  String id() {
    return definition.id();
  }

  String name() {
    return definition.name();
  }

  ContainerRecord definition() {
    return definition;
  }

  ContainerSpec spec() {
    return definition.effective();
  }

  ContainerStatus status() {
    return status;
  }

  ContainerState state() {
    return status.state();
  }

  @Nullable Run run() {
    return run;
  }

  ContainerStatus.@Nullable Health health() {
    return health;
  }

  /** Called after the commit, under the lock. */
  void define(ContainerRecord changed) {
    definition = changed;
  }

  /** Only {@link ContainerTable} calls it, after the commit. */
  void become(ContainerStatus changed) {
    status = changed;
  }

  void runs(@Nullable Run current) {
    run = current;
  }

  void feels(ContainerStatus.@Nullable Health current) {
    health = current;
  }

  /** Waits for the lock; close it in a try statement. */
  Held hold() {
    lock.lock();
    return lock::unlock;
  }

  /** The lock, held. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Clients that attached before the process exists. */
  List<AttachSession> waitingClients() {
    return waitingClients;
  }

  CompletableFuture<WaitResult> nextExit() {
    return nextExit;
  }

  CompletableFuture<WaitResult> stopped() {
    return stopped;
  }

  CompletableFuture<WaitResult> removed() {
    return removed;
  }

  /** Wakes who waits for the end of a run. */
  void announceExit(WaitResult result, boolean forGood) {
    CompletableFuture<WaitResult> exit = nextExit;
    nextExit = new CompletableFuture<>();
    exit.complete(result);
    if (forGood) {
      announceStop(result);
    }
  }

  /** Wakes who waits until it does not run. */
  void announceStop(WaitResult result) {
    CompletableFuture<WaitResult> stop = stopped;
    stopped = new CompletableFuture<>();
    stop.complete(result);
  }

  /** Wakes everybody. */
  void announceRemoval(WaitResult result) {
    nextExit.complete(result);
    stopped.complete(result);
    removed.complete(result);
  }

  /** What the runtime still removes of the last run; under the lock. */
  CompletableFuture<?> tidied() {
    return tidied;
  }

  void tidies(CompletableFuture<?> work) {
    tidied = work;
  }

  Timers.@Nullable Timer restartTimer() {
    return restartTimer;
  }

  void restartsWith(Timers.@Nullable Timer timer, Duration delay) {
    restartTimer = timer;
    restartDelay = delay;
  }

  Duration restartDelay() {
    return restartDelay;
  }

  /** The exit code that wait answers for a container that does not run. */
  WaitResult lastResult() {
    return switch (state()) {
      case ContainerState.Created created -> failure(0, created.failure());
      case ContainerState.Exited exited -> failure(exited.last().exitCode(), exited.failure());
      case ContainerState.Restarting restarting ->
          new WaitResult(restarting.last().exitCode(), null);
      case ContainerState.Removing removing -> ending(removing.last());
      case ContainerState.Dead dead -> ending(dead.last());
      case ContainerState.Running running -> new WaitResult(0, null);
      case ContainerState.Paused paused -> new WaitResult(0, null);
    };
  }

  private static WaitResult failure(int exitCode, ContainerState.@Nullable StartFailure failure) {
    return failure == null
        ? new WaitResult(exitCode, null)
        : new WaitResult(failure.exitCode(), failure.message());
  }

  private static WaitResult ending(ContainerState.@Nullable Ending last) {
    return new WaitResult(last == null ? 0 : last.exitCode(), null);
  }
}
