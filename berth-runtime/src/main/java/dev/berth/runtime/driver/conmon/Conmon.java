package dev.berth.runtime.driver.conmon;

import dev.berth.core.EngineException;
import dev.berth.linux.EventLoop;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileData;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Pidfd;
import dev.berth.linux.Processes;
import dev.berth.linux.SpawnRequest;
import dev.berth.runtime.ConsoleSize;
import dev.berth.runtime.ContainerStreams;
import dev.berth.runtime.IoSpec;
import dev.berth.runtime.StreamSink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Starts monitors and speaks their protocols.
 *
 * @see <a href="https://github.com/containers/conmon/tree/v2.1.6">conmon 2.1.6</a>
 */
public final class Conmon {
  private static final Duration REPORT_TIMEOUT = Duration.ofMinutes(2);
  private static final int SYNC_DESCRIPTOR = 3;
  private static final int START_DESCRIPTOR = 4;
  private static final int ATTACH_DESCRIPTOR = 5;

  private final Path program;
  private final EventLoop loop;

  /**
   * What a monitor watches over.
   *
   * @param id of the container
   * @param bundle its directory; of an exec, a directory of its own
   * @param runtimeCommand program and leading arguments of the OCI runtime
   * @param terminal whether the process has one
   * @param openStdin whether its input stays open for clients
   * @param leaveStdinOpen whether it survives them
   * @param log where output goes
   */
  public record Request(
      String id,
      Path bundle,
      List<String> runtimeCommand,
      boolean terminal,
      boolean openStdin,
      boolean leaveStdinOpen,
      IoSpec.LogTarget log) {}

  /**
   * A monitor that has reported.
   *
   * @param monitor the monitor's process, a child of this one
   * @param pid of what it watches over; negative if that could not be made
   * @param message why not
   */
  public record Started(Pidfd monitor, int pid, String message) {}

  /**
   * @param program path of conmon
   * @param loop reads the pipes and sockets
   */
  public Conmon(Path program, EventLoop loop) {
    this.program = program;
    this.loop = loop;
  }

  /** Makes a container and waits until it is made or has failed. */
  public Started create(Request request) {
    CompletableFuture<SyncPipe.Report> created = new CompletableFuture<>();
    try (SyncPipe sync = new SyncPipe(loop)) {
      Pidfd monitor =
          Processes.spawn(
              SpawnRequest.of(arguments(request))
                  .withDirectory(request.bundle())
                  .withEnvironment(
                      Map.of("PATH", path(), "_OCI_SYNCPIPE", String.valueOf(SYNC_DESCRIPTOR)))
                  .withDescriptors(Map.of(SYNC_DESCRIPTOR, sync.writeEnd())));
      try {
        sync.listen(List.of(created));
        SyncPipe.Report report = await(created);
        return new Started(monitor, report.value(), report.message());
      } catch (RuntimeException failure) {
        Processes.killAndReap(monitor);
        monitor.close();
        throw failure;
      }
    }
  }

  /**
   * Runs a process in a container, with its output going to the sink from the beginning.
   *
   * @param processFile the process to run
   */
  public ExecStarted exec(Request request, Path processFile, StreamSink sink) {
    List<String> arguments = new ArrayList<>(arguments(request));
    arguments.addAll(
        List.of("--exec", "--exec-attach", "--exec-process-spec", processFile.toString()));
    try (SyncPipe sync = new SyncPipe(loop);
        SyncPipe attach = new SyncPipe(loop);
        FileData.Pipe start = FileData.pipe2(0)) {
      Pidfd monitor =
          Processes.spawn(
              SpawnRequest.of(arguments)
                  .withDirectory(request.bundle())
                  .withEnvironment(execEnvironment())
                  .withDescriptors(
                      Map.of(
                          SYNC_DESCRIPTOR, sync.writeEnd(),
                          START_DESCRIPTOR, start.read(),
                          ATTACH_DESCRIPTOR, attach.writeEnd())));
      start.read().close();
      try {
        return converse(request, monitor, new ExecPipes(sync, attach, start.write()), sink);
      } catch (RuntimeException failure) {
        Processes.killAndReap(monitor);
        monitor.close();
        throw failure;
      }
    }
  }

  private record ExecPipes(SyncPipe sync, SyncPipe attach, Fd start) {}

  /** The monitor waits twice: before it does anything, and when clients can attach. */
  private ExecStarted converse(Request request, Pidfd monitor, ExecPipes pipes, StreamSink sink) {
    CompletableFuture<SyncPipe.Report> attachable = new CompletableFuture<>();
    CompletableFuture<SyncPipe.Report> started = new CompletableFuture<>();
    pipes.sync().listen(List.of(started));
    pipes.attach().listen(List.of(attachable));
    FileData.writeAll(pipes.start(), new byte[1]);
    await(attachable);
    ContainerStreams streams =
        attach(request.bundle(), sink, request.openStdin(), !request.leaveStdinOpen());
    try {
      FileData.writeAll(pipes.start(), new byte[1]);
      SyncPipe.Report report = await(started);
      return new ExecStarted(new Started(monitor, report.value(), report.message()), streams);
    } catch (RuntimeException failure) {
      streams.close();
      throw failure;
    }
  }

  /**
   * An exec under a monitor.
   *
   * @param started its monitor
   * @param streams connected before it began
   */
  public record ExecStarted(Started started, ContainerStreams streams) {}

  private static Map<String, String> execEnvironment() {
    return Map.of(
        "PATH",
        path(),
        "_OCI_SYNCPIPE",
        String.valueOf(SYNC_DESCRIPTOR),
        "_OCI_STARTPIPE",
        String.valueOf(START_DESCRIPTOR),
        "_OCI_ATTACHPIPE",
        String.valueOf(ATTACH_DESCRIPTOR));
  }

  private static String path() {
    return System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
  }

  private static SyncPipe.Report await(CompletableFuture<SyncPipe.Report> report) {
    try {
      return report.get(REPORT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw EngineException.internal("the container's monitor does not answer", late);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw EngineException.internal("interrupted while starting a process", interrupted);
    }
  }

  private List<String> arguments(Request request) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--api-version=1",
                "--sync",
                "--full-attach",
                "--no-sync-log",
                "--cid=" + request.id(),
                "--cuuid=" + request.id(),
                "--name=" + request.id(),
                "--bundle=" + request.bundle(),
                "--persist-dir=" + request.bundle(),
                "--container-pidfile=" + request.bundle().resolve("pidfile"),
                "--log-level=error",
                "--log-path=" + logPath(request.log()),
                "--runtime=" + request.runtimeCommand().getFirst()));
    for (String argument : request.runtimeCommand().subList(1, request.runtimeCommand().size())) {
      arguments.add("--runtime-arg=" + argument);
    }
    if (request.terminal()) {
      arguments.add("--terminal");
    }
    if (request.openStdin()) {
      arguments.add("--stdin");
    }
    if (request.leaveStdinOpen()) {
      arguments.add("--leave-stdin-open");
    }
    return arguments;
  }

  private static String logPath(IoSpec.LogTarget log) {
    return switch (log) {
      case IoSpec.LogTarget.File(Path path, IoSpec.LogRotation ignored) -> "k8s-file:" + path;
      case IoSpec.LogTarget.None() -> "none";
    };
  }

  /**
   * Connects to a monitor.
   *
   * @param input whether the client may write
   * @param stdinOnce whether input ends with the client
   */
  public ContainerStreams attach(Path bundle, StreamSink sink, boolean input, boolean stdinOnce) {
    return AttachedStreams.connect(
        loop, bundle.resolve("attach"), sink, new AttachedStreams.Options(input, stdinOnce));
  }

  /** Tells a monitor the size of the terminal; nothing happens if it has ended. */
  public static void resize(Path bundle, ConsoleSize size) {
    control(bundle, "1 " + size.rows() + " " + size.columns() + "\n");
  }

  /** Tells a monitor to begin a fresh log file; false if it has ended. */
  public static boolean reopenLog(Path bundle) {
    return control(bundle, "2 0 0\n");
  }

  private static boolean control(Path bundle, String message) {
    String fifo = bundle.resolve("ctl").toString();
    try (Fd control = FileCalls.open(fifo, FileFlags.O_WRONLY | FileFlags.O_NONBLOCK)) {
      FileData.writeAll(control, message.getBytes(StandardCharsets.US_ASCII));
      return true;
    } catch (LinuxException ended) {
      return false;
    }
  }

  /** The exit code that a monitor left behind; null if it has not. */
  public static @Nullable Integer exitCode(Path bundle) {
    try {
      return Integer.parseInt(java.nio.file.Files.readString(bundle.resolve("exit")).strip());
    } catch (java.io.IOException | NumberFormatException missing) {
      return null;
    }
  }
}
