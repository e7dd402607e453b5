package dev.berth.runtime.driver.crun;

import dev.berth.linux.LinuxException;
import dev.berth.linux.Pidfd;
import dev.berth.runtime.ConsoleSize;
import dev.berth.runtime.ContainerStreams;
import dev.berth.runtime.ExecProcess;
import dev.berth.runtime.driver.conmon.Conmon;
import java.util.concurrent.CompletableFuture;

/** An exec with a terminal, under a monitor of its own. */
final class TerminalExec implements ExecProcess {
  private static final int UNKNOWN_EXIT_CODE = 255;

  private final ContainerFiles files;
  private final Conmon.ExecStarted exec;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  private TerminalExec(ContainerFiles files, Conmon.ExecStarted exec) {
    this.files = files;
    this.exec = exec;
  }

  /** Takes over a started exec. */
  static TerminalExec watch(
      RuntimeContext context, ContainerFiles files, Conmon.ExecStarted started) {
    TerminalExec exec = new TerminalExec(files, started);
    EndWatch.on(context.loop(), started.started().monitor(), "exec-end", exec::ended);
    return exec;
  }

  private void ended() {
    try (Pidfd monitor = exec.started().monitor()) {
      monitor.reap();
    } catch (LinuxException reapedElsewhere) {
      // Only the number would have been of use.
    }
    Integer code = Conmon.exitCode(files.directory());
    files.remove();
    exit.complete(code == null ? UNKNOWN_EXIT_CODE : code & 0xff);
  }

  @Override
  public int pid() {
    return exec.started().pid();
  }

  @Override
  public ContainerStreams streams() {
    return exec.streams();
  }

  @Override
  public void resize(ConsoleSize size) {
    if (!exit.isDone()) {
      Conmon.resize(files.directory(), size);
    }
  }

  @Override
  public CompletableFuture<Integer> exit() {
    return exit;
  }

  @Override
  public void kill(int signal) {
    if (exit.isDone()) {
      return;
    }
    try (Pidfd process = Pidfd.open(pid())) {
      process.sendSignal(signal);
    } catch (LinuxException gone) {
      // It has ended.
    }
  }
}
