package dev.berth.runtime;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A runtime that runs nothing: containers start, and end when a test says so or when they are
 * killed. For tests of what is above the runtime. Survives {@link #close}, so that the same object
 * can stand for the machine that a restarted engine finds.
 */
public final class FakeRuntime implements Runtime {
  private static final int KILL = 9;
  private static final int TERM = 15;
  private static final int SIGNAL_BASE = 128;
  private static final int FIRST_PID = 1000;

  private final InstantSource clock;
  private final Map<String, FakeContainer> containers = new ConcurrentHashMap<>();
  private final AtomicInteger nextPid = new AtomicInteger(FIRST_PID);
  private volatile @Nullable LaunchException nextFailure;

  /**
   * @param clock time of ends and of usage
   */
  public FakeRuntime(InstantSource clock) {
    this.clock = clock;
  }

  /** Lets the next creation fail. */
  public void failNext(LaunchException failure) {
    nextFailure = failure;
  }

  /** A container that was made and not deleted. */
  public Optional<FakeContainer> container(String id) {
    return Optional.ofNullable(containers.get(id));
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public String version() {
    return "0";
  }

  @Override
  public Cgroups cgroups() {
    return new Cgroups(2, Cgroups.Driver.CGROUPFS, false);
  }

  @Override
  public ContainerProcess create(LaunchSpec spec) {
    LaunchException failure = nextFailure;
    if (failure != null) {
      nextFailure = null;
      throw failure;
    }
    FakeContainer container = new FakeContainer(spec, nextPid.incrementAndGet());
    if (containers.putIfAbsent(spec.id(), container) != null) {
      throw new IllegalStateException("container " + spec.id() + " exists");
    }
    return container;
  }

  @Override
  public Optional<ContainerProcess> recover(String containerId) {
    return Optional.ofNullable(containers.get(containerId));
  }

  @Override
  public void purge(String containerId) {
    containers.remove(containerId);
  }

  @Override
  public Set<String> remains() {
    return Set.copyOf(containers.keySet());
  }

  @Override
  public void close() {
    // The containers go on.
  }

  /** A container that runs nothing. Safe for use by several threads. */
  public final class FakeContainer implements ContainerProcess {
    private final LaunchSpec spec;
    private final int pid;
    private final CompletableFuture<ContainerExit> exit = new CompletableFuture<>();
    private final List<StreamSink> sinks = new CopyOnWriteArrayList<>();
    private final List<Integer> signals = new CopyOnWriteArrayList<>();
    private final List<String> input = new CopyOnWriteArrayList<>();
    private final List<FakeExec> execs = new CopyOnWriteArrayList<>();
    private volatile boolean started;
    private volatile boolean paused;
    private volatile Resources resources;
    private volatile @Nullable ConsoleSize size;

    private FakeContainer(LaunchSpec spec, int pid) {
      this.spec = spec;
      this.pid = pid;
      this.resources = spec.resources();
    }

    /** What it was made from. */
    public LaunchSpec spec() {
      return spec;
    }

    /** Whether it was started. */
    public boolean started() {
      return started;
    }

    /** The signals it was sent. */
    public List<Integer> signals() {
      return List.copyOf(signals);
    }

    /** What clients wrote to it. */
    public List<String> input() {
      return List.copyOf(input);
    }

    /** The execs that were started in it. */
    public List<FakeExec> execs() {
      return List.copyOf(execs);
    }

    /** The limits that are in force. */
    public Resources resources() {
      return resources;
    }

    /** The size its terminal was given last. */
    public Optional<ConsoleSize> size() {
      return Optional.ofNullable(size);
    }

    /** Writes to all attached clients. */
    public void emit(StreamSink.Stream stream, String text) {
      sinks.forEach(sink -> sink.output(stream, bytes(text)));
    }

    /** Ends it. */
    public void end(int exitCode, boolean outOfMemory) {
      Instant now = clock.instant();
      sinks.forEach(StreamSink::closed);
      sinks.clear();
      exit.complete(new ContainerExit(exitCode, outOfMemory, now));
    }

    @Override
    public String id() {
      return spec.id();
    }

    @Override
    public int pid() {
      return pid;
    }

    @Override
    public void start() {
      started = true;
    }

    @Override
    public CompletableFuture<ContainerExit> exit() {
      return exit;
    }

    @Override
    public void kill(int signal) {
      if (exit.isDone()) {
        return;
      }
      signals.add(signal);
      if (signal == KILL || signal == TERM) {
        end(SIGNAL_BASE + signal, false);
      }
    }

    @Override
    public void killAll() {
      kill(KILL);
    }

    @Override
    public void pause() {
      paused = true;
    }

    @Override
    public void resume() {
      paused = false;
    }

    @Override
    public boolean paused() {
      return paused;
    }

    @Override
    public void update(Resources changed) {
      resources = changed;
    }

    @Override
    public ContainerStreams attach(StreamSink sink) {
      sinks.add(sink);
      return new FakeStreams(input, () -> detach(sink));
    }

    private void detach(StreamSink sink) {
      if (sinks.remove(sink)) {
        sink.closed();
      }
    }

    @Override
    public void resize(ConsoleSize changed) {
      size = changed;
    }

    @Override
    public ExecProcess exec(ExecSpec execSpec, StreamSink sink) {
      LaunchException failure = nextFailure;
      if (failure != null) {
        nextFailure = null;
        throw failure;
      }
      FakeExec exec = new FakeExec(execSpec, nextPid.incrementAndGet(), sink);
      execs.add(exec);
      return exec;
    }

    @Override
    public ResourceUsage usage() {
      return new ResourceUsage(
          clock.instant(),
          new ResourceUsage.Cpu(1, 0, 1, List.of(), 1, 1, new ResourceUsage.Throttling(0, 0, 0)),
          new ResourceUsage.Memory(1, 1, 1, 0, Map.of()),
          new ResourceUsage.Pids(1, 0),
          List.of());
    }

    @Override
    public List<Integer> pids() {
      return exit.isDone() ? List.of() : List.of(pid);
    }

    @Override
    public ProcessTable top(List<String> psArguments) {
      return new ProcessTable(
          List.of("PID", "CMD"),
          List.of(List.of(String.valueOf(pid), String.join(" ", spec.process().args()))));
    }

    @Override
    public void rotateLog() {
      // It has none.
    }

    @Override
    public void delete() {
      killAll();
      containers.remove(spec.id(), this);
    }
  }

  /** An exec that runs nothing. */
  public static final class FakeExec implements ExecProcess {
    private final ExecSpec spec;
    private final int pid;
    private final StreamSink sink;
    private final List<String> input = new ArrayList<>();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private volatile @Nullable ConsoleSize size;

    private FakeExec(ExecSpec spec, int pid, StreamSink sink) {
      this.spec = spec;
      this.pid = pid;
      this.sink = sink;
    }

    /** What it was made from. */
    public ExecSpec spec() {
      return spec;
    }

    /** The size its terminal was given last. */
    public Optional<ConsoleSize> size() {
      return Optional.ofNullable(size);
    }

    /** Writes to its client. */
    public void emit(StreamSink.Stream stream, String text) {
      sink.output(stream, bytes(text));
    }

    /** Ends it. */
    public void end(int exitCode) {
      if (exit.complete(exitCode)) {
        sink.closed();
      }
    }

    @Override
    public int pid() {
      return pid;
    }

    @Override
    public ContainerStreams streams() {
      return new FakeStreams(input, () -> {});
    }

    @Override
    public void resize(ConsoleSize changed) {
      size = changed;
    }

    @Override
    public CompletableFuture<Integer> exit() {
      return exit;
    }

    @Override
    public void kill(int signal) {
      end(SIGNAL_BASE + signal);
    }
  }

  private record FakeStreams(List<String> input, Runnable onClose) implements ContainerStreams {
    @Override
    public void write(ByteBuffer data) {
      input.add(java.nio.charset.StandardCharsets.UTF_8.decode(data).toString());
    }

    @Override
    public void closeInput() {
      input.add("<end>");
    }

    @Override
    public void flow(boolean enabled) {
      // There is never too much.
    }

    @Override
    public void close() {
      onClose.run();
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
