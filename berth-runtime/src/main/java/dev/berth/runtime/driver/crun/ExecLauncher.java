package dev.berth.runtime.driver.crun;

import dev.berth.core.EngineException;
import dev.berth.linux.ExitStatus;
import dev.berth.linux.Fd;
import dev.berth.linux.FileData;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Pidfd;
import dev.berth.linux.Processes;
import dev.berth.linux.SpawnRequest;
import dev.berth.runtime.ExecProcess;
import dev.berth.runtime.ExecSpec;
import dev.berth.runtime.IoSpec;
import dev.berth.runtime.StreamSink;
import dev.berth.runtime.driver.conmon.Conmon;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts further processes in a container. With a terminal the monitor does it, because only it can
 * take the terminal over from the runtime program; without, the runtime program has the client's
 * pipes as its own and stays as the parent, which saves a process and a copy of every byte.
 */
final class ExecLauncher {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POLL_INTERVAL = Duration.ofNanos(300_000);
  private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

  private final RuntimeContext context;
  private final ContainerFiles container;
  private final String containerId;

  ExecLauncher(RuntimeContext context, ContainerFiles container, String containerId) {
    this.context = context;
    this.container = container;
    this.containerId = containerId;
  }

  ExecProcess launch(ExecSpec spec, StreamSink sink) {
    ContainerFiles files = new ContainerFiles(container.file("exec").resolve(spec.id()));
    files.create();
    try {
      files.write(
          "process.json",
          OciSpecWriter.json(out ->
              OciProcessWriter.write(
                  out,
                  spec.process(),
                  new OciProcessWriter.Rights(spec.capabilities(), spec.noNewPrivileges(), null),
                  false)));
      return spec.process().terminal()
          ? underMonitor(spec, sink, files)
          : direct(spec, sink, files);
    } catch (RuntimeException failure) {
      files.remove();
      throw failure;
    }
  }

  private ExecProcess underMonitor(ExecSpec spec, StreamSink sink, ContainerFiles files) {
    Conmon.Request request =
        new Conmon.Request(
            containerId,
            files.directory(),
            command(files),
            true,
            spec.openStdin(),
            true,
            new IoSpec.LogTarget.None());
    Conmon.ExecStarted exec = context.conmon().exec(request, files.file("process.json"), sink);
    if (exec.started().pid() <= 0) {
      exec.streams().close();
      throw failure(spec, files, exec.started().monitor());
    }
    return TerminalExec.watch(context, files, exec);
  }

  private ExecProcess direct(ExecSpec spec, StreamSink sink, ContainerFiles files) {
    ExecPipes pipes = ExecPipes.open(spec);
    try {
      Pidfd program = Processes.spawn(request(files, pipes));
      pipes.closeChildEnds();
      int pid = awaitPid(files, program);
      if (pid <= 0) {
        throw failure(spec, files, program);
      }
      return DirectExec.watch(context, files, new DirectExec.Parts(program, pid, pipes), sink);
    } catch (RuntimeException failure) {
      pipes.close();
      throw failure;
    }
  }

  /** Errors go to a file: the exec's own standard error is its client's. */
  private List<String> command(ContainerFiles files) {
    List<String> command = new ArrayList<>(context.command());
    command.add("--log=" + files.file("log"));
    return command;
  }

  private SpawnRequest request(ContainerFiles files, ExecPipes pipes) {
    List<String> command = command(files);
    command.addAll(
        List.of(
            "exec",
            "--process",
            files.file("process.json").toString(),
            "--pid-file",
            files.file("pidfile").toString(),
            containerId));
    return SpawnRequest.of(command)
        .withEnvironment(Map.of("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin")))
        .withDescriptors(pipes.childEnds());
  }

  /** The program writes the process id when nothing can fail any more but execve itself. */
  private static int awaitPid(ContainerFiles files, Pidfd program) {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      boolean ended = program.hasEnded();
      int pid = files.number("pidfile");
      if (pid > 0 || ended) {
        return pid;
      }
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
    Processes.killAndReap(program);
    throw EngineException.internal("the exec does not start", null);
  }

  private RuntimeException failure(ExecSpec spec, ContainerFiles files, Pidfd program) {
    try (program) {
      Optional<ExitStatus> status = Processes.await(program, END_TIMEOUT);
      String log = Files.exists(files.file("log")) ? Files.readString(files.file("log")) : "";
      return LaunchErrors.exec(
          spec.process().args().getFirst(), log.isBlank() ? String.valueOf(status) : log);
    } catch (IOException | LinuxException unreadable) {
      return EngineException.internal("the exec failed", unreadable);
    }
  }

  /** The three pipes of an exec without a terminal; none of them if it is detached. */
  record ExecPipes(
      Optional<FileData.Pipe> input, Optional<FileData.Pipe> output, Optional<FileData.Pipe> error)
      implements AutoCloseable {

    static ExecPipes open(ExecSpec spec) {
      if (spec.detached()) {
        return new ExecPipes(Optional.empty(), Optional.empty(), Optional.empty());
      }
      return new ExecPipes(
          spec.openStdin() ? Optional.of(FileData.pipe2(0)) : Optional.empty(),
          Optional.of(FileData.pipe2(0)),
          Optional.of(FileData.pipe2(0)));
    }

    Map<Integer, Fd> childEnds() {
      Map<Integer, Fd> ends = new HashMap<>();
      input.ifPresent(pipe -> ends.put(0, pipe.read()));
      output.ifPresent(pipe -> ends.put(1, pipe.write()));
      error.ifPresent(pipe -> ends.put(2, pipe.write()));
      return ends;
    }

    void closeChildEnds() {
      input.ifPresent(pipe -> pipe.read().close());
      output.ifPresent(pipe -> pipe.write().close());
      error.ifPresent(pipe -> pipe.write().close());
    }

    @Override
    public void close() {
      input.ifPresent(FileData.Pipe::close);
      output.ifPresent(FileData.Pipe::close);
      error.ifPresent(FileData.Pipe::close);
    }
  }
}
