package dev.berth.runtime;

import java.util.concurrent.CompletableFuture;

/** A further process of a container, running or ended. */
public interface ExecProcess {
  /** Process id on the host. */
  int pid();

  /** Its input; output goes to the sink given at its start. */
  ContainerStreams streams();

  /** Sets the size of its terminal; does nothing without one. */
  void resize(ConsoleSize size);

  /** Completes with the exit code after the end of the process and of its output. */
  CompletableFuture<Integer> exit();

  /** Sends a signal; does nothing if it has ended. */
  void kill(int signal);
}
