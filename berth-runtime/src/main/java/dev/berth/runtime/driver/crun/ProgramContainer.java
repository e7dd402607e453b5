package dev.berth.runtime.driver.crun;

import dev.berth.core.EngineException;
import dev.berth.linux.Capture;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileData;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Pidfd;
import dev.berth.linux.Signals;
import dev.berth.linux.SpawnRequest;
import dev.berth.runtime.ConsoleSize;
import dev.berth.runtime.ContainerExit;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.ContainerStreams;
import dev.berth.runtime.ExecProcess;
import dev.berth.runtime.ExecSpec;
import dev.berth.runtime.LaunchException;
import dev.berth.runtime.ProcessTable;
import dev.berth.runtime.ResourceUsage;
import dev.berth.runtime.Resources;
import dev.berth.runtime.StreamSink;
import dev.berth.runtime.driver.cgroup.ContainerCgroup;
import dev.berth.runtime.driver.conmon.Conmon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A container under its monitor. */
final class ProgramContainer implements ContainerProcess {
  private static final System.Logger LOG = System.getLogger(ProgramContainer.class.getName());
  private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

  /** Docker's code for an end that nobody saw. */
  private static final int UNKNOWN_EXIT_CODE = 255;

  /** What stays the same over restarts of the engine. */
  record Identity(
      String id, ContainerFiles files, ContainerFiles.Launch launch, ContainerCgroup cgroup) {}

  private final RuntimeContext context;
  private final Identity identity;
  private final int pid;
  private final Consumer<Identity> removal;
  private final CompletableFuture<ContainerExit> exit = new CompletableFuture<>();
  private final AtomicBoolean deleted = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Pidfd process;

  /**
   * @param removal removes the state, later
   */
  ProgramContainer(RuntimeContext context, Identity identity, int pid, Consumer<Identity> removal) {
    this.context = context;
    this.identity = identity;
    this.pid = pid;
    this.removal = removal;
  }

  /**
   * Begins to wait for the end.
   *
   * @param monitor becomes this object's own; null if it has ended already
   */
  void watch(@Nullable Pidfd monitor) {
    lock.lock();
    try {
      process = openProcess();
      Pidfd watched = monitor == null ? process : monitor;
      if (watched == null) {
        completeExit();
      } else {
        onEnd(watched, monitor == null ? this::completeExit : () -> monitorEnded(watched));
      }
    } finally {
      lock.unlock();
    }
  }

  /** The number may be another process's by now: only one in our cgroup is ours. */
  private @Nullable Pidfd openProcess() {
    Pidfd opened;
    try {
      opened = Pidfd.open(pid);
    } catch (LinuxException gone) {
      return null;
    }
    try {
      if (Files.readString(Path.of("/proc/" + pid + "/cgroup")).contains(identity.id())) {
        return opened;
      }
    } catch (IOException gone) {
      // It has ended since.
    }
    opened.close();
    return null;
  }

  private void onEnd(Pidfd watched, Runnable action) {
    EndWatch.on(context.loop(), watched, "end-" + identity.id(), action);
  }

  private void monitorEnded(Pidfd monitor) {
    lock.lock();
    try {
      reap(monitor);
      if (Conmon.exitCode(identity.files().directory()) == null
          && process != null
          && !process.hasEnded()) {
        // Somebody has killed the monitor: the container goes on without one.
        onEnd(process, this::completeExit);
        return;
      }
    } finally {
      lock.unlock();
    }
    completeExit();
  }

  private static void reap(Pidfd monitor) {
    try (monitor) {
      monitor.reap();
    } catch (LinuxException notOurChild) {
      // Started by an earlier engine: init has reaped it.
    }
  }

  private void completeExit() {
    Integer code = Conmon.exitCode(identity.files().directory());
    Instant finishedAt = identity.files().writtenAt("exit");
    exit.complete(
        new ContainerExit(
            code == null ? UNKNOWN_EXIT_CODE : code & 0xff,
            identity.cgroup().outOfMemory() || Files.exists(identity.files().file("oom")),
            finishedAt == null ? context.clock().instant() : finishedAt));
    lock.lock();
    try {
      if (process != null) {
        process.close();
        process = null;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String id() {
    return identity.id();
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public void start() {
    if (!context.isCrun()) {
      run(List.of("start", identity.id()), new byte[0]);
      return;
    }
    Path fifo = context.programState().resolve(identity.id()).resolve("exec.fifo");
    try (Fd opened = FileCalls.open(fifo.toString(), FileFlags.O_WRONLY | FileFlags.O_NONBLOCK)) {
      // crun takes a container whose fifo is gone for a running one.
      Files.deleteIfExists(fifo);
      FileData.writeAll(opened, new byte[1]);
    } catch (LinuxException | IOException failure) {
      if (Files.exists(fifo)) {
        throw new LaunchException(
            LaunchException.Kind.RUNTIME,
            "cannot start a container that has stopped: " + failure.getMessage());
      }
    }
  }

  @Override
  public CompletableFuture<ContainerExit> exit() {
    return exit;
  }

  @Override
  public void kill(int signal) {
    lock.lock();
    try {
      if (process == null || !process.sendSignal(signal)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    if (signal == Signals.KILL && paused()) {
      resume();
    }
  }

  @Override
  public void killAll() {
    boolean thaw = paused();
    kill(Signals.KILL);
    if (thaw) {
      resume();
    }
    identity.cgroup().killAll();
  }

  @Override
  public void pause() {
    identity.cgroup().freeze(true);
  }

  @Override
  public void resume() {
    identity.cgroup().freeze(false);
  }

  @Override
  public boolean paused() {
    return identity.cgroup().frozen();
  }

  @Override
  public void update(Resources resources) {
    byte[] document =
        OciSpecWriter.json(out -> OciResourcesWriter.write(out, resources, List.of()));
    run(List.of("update", "--resources", "-", identity.id()), document);
  }

  private void run(List<String> arguments, byte[] input) {
    List<String> command = new ArrayList<>(context.command());
    command.addAll(arguments);
    SpawnRequest request = SpawnRequest.of(command);
    if (context.needsLegacyView()) {
      request = request.withPreparation(new LegacyView(context.cgroups())::hideUnified);
    }
    Capture.Result result = Capture.run(request, input, Capture.Limits.DEFAULT);
    if (!result.status().isSuccess()) {
      throw EngineException.internal(
          context.configuration().name()
              + " "
              + arguments.getFirst()
              + ": "
              + result.errors().strip(),
          null);
    }
  }

  @Override
  public ContainerStreams attach(StreamSink sink) {
    return attach(sink, true);
  }

  @Override
  public ContainerStreams attachOutput(StreamSink sink) {
    return attach(sink, false);
  }

  private ContainerStreams attach(StreamSink sink, boolean input) {
    try {
      return context
          .conmon()
          .attach(identity.files().directory(), sink, input, identity.launch().stdinOnce());
    } catch (LinuxException failure) {
      throw EngineException.conflict(
          "cannot attach to container " + identity.id() + ": it has stopped");
    }
  }

  @Override
  public void resize(ConsoleSize size) {
    if (identity.launch().terminal()) {
      Conmon.resize(identity.files().directory(), size);
    }
  }

  @Override
  public ExecProcess exec(ExecSpec spec, StreamSink sink) {
    return new ExecLauncher(context, identity.files(), identity.id()).launch(spec, sink);
  }

  @Override
  public ResourceUsage usage() {
    return identity.cgroup().usage(context.clock());
  }

  @Override
  public List<Integer> pids() {
    return identity.cgroup().pids();
  }

  @Override
  public ProcessTable top(List<String> psArguments) {
    return ProcessListing.list(psArguments, new HashSet<>(pids()));
  }

  @Override
  public void rotateLog() {
    LogRotator.rotate(identity.files().directory(), identity.launch().log());
  }

  @Override
  public void delete() {
    if (!deleted.compareAndSet(false, true)) {
      return;
    }
    if (!exit.isDone()) {
      killAll();
      awaitEnd();
    }
    removal.accept(identity);
  }

  private void awaitEnd() {
    try {
      exit.get(END_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      LOG.log(
          System.Logger.Level.WARNING,
          "container " + identity.id() + " does not end after SIGKILL");
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
