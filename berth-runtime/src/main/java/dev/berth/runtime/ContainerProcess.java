package dev.berth.runtime;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One container that was made and not yet deleted. Methods block; they may be called from any
 * thread. Errors are {@link dev.berth.core.EngineException}.
 */
public interface ContainerProcess {
  /** The container's id. */
  String id();

  /** Process id, on the host, of the container's first process; stays the same after its end. */
  int pid();

  /**
   * Lets the first process run its program. Idempotent.
   *
   * @throws LaunchException if the program cannot be run
   */
  void start();

  /**
   * Completes when the first process has ended and all its output is in the log. Also when that
   * happened while no engine ran.
   */
  CompletableFuture<ContainerExit> exit();

  /**
   * Sends a signal to the first process. Does nothing if it has ended.
   *
   * @param signal number as in signal(7)
   */
  void kill(int signal);

  /** Sends SIGKILL to every process in the container's cgroup. */
  void killAll();

  /** Freezes all processes. */
  void pause();

  /** Undoes {@link #pause}. */
  void resume();

  /** Whether it is frozen. */
  boolean paused();

  /** Changes limits of the running container. */
  void update(Resources resources);

  /**
   * Connects to the container's input and output. Possible from before the start, so that no output
   * is missed.
   *
   * @param sink receives output from one thread of the runtime
   */
  ContainerStreams attach(StreamSink sink);

  /**
   * Connects to the output only. Where input ends with the first client that leaves, it does not
   * end with this one.
   */
  default ContainerStreams attachOutput(StreamSink sink) {
    return attach(sink);
  }

  /** Sets the size of its terminal; does nothing without one. */
  void resize(ConsoleSize size);

  /**
   * Runs a further process in the container.
   *
   * @param sink receives its output
   * @throws LaunchException if it cannot be run
   */
  ExecProcess exec(ExecSpec spec, StreamSink sink);

  /** Usage now. */
  ResourceUsage usage();

  /** Host process ids of all its processes. */
  List<Integer> pids();

  /** What {@code ps} says of its processes. */
  ProcessTable top(List<String> psArguments);

  /** Sets the log file aside for a fresh one if it has outgrown its limit. */
  void rotateLog();

  /** Kills what still runs, and removes all that the runtime keeps of it. Idempotent. */
  void delete();
}
