package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.LiveContainer.Run;
import dev.berth.runtime.ConsoleSize;
import dev.berth.runtime.ExecProcess;
import dev.berth.runtime.LaunchException;
import dev.berth.runtime.StreamSink;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Further processes in running containers. An instance is named by its id. */
public final class Execs {
  private static final int CANNOT_RUN = 126;

  private final Features features;
  private final ContainerTable table;
  private final ExecPlan plan;
  private final ContainerEvents events;
  private final Map<String, Instance> instances = new ConcurrentHashMap<>();

  Execs(Features features, ContainerTable table, ExecPlan plan, ContainerEvents events) {
    this.features = features;
    this.table = table;
    this.plan = plan;
    this.events = events;
  }

  /**
   * What to run.
   *
   * @param command the program and its arguments
   * @param environment added to the container's
   * @param workingDirectory empty for the container's
   * @param user empty for the container's
   * @param privileged nearly everything is allowed
   * @param tty whether it gets a terminal
   * @param attachStdin as the client will attach
   * @param attachStdout as the client will attach
   * @param attachStderr as the client will attach
   * @param detachKeys or null for the default
   * @param consoleSize rows and columns, or null
   */
  public record Spec(
      List<String> command,
      @Nullable List<String> environment,
      String workingDirectory,
      String user,
      boolean privileged,
      boolean tty,
      boolean attachStdin,
      boolean attachStdout,
      boolean attachStderr,
      @Nullable String detachKeys,
      @Nullable List<Integer> consoleSize) {}

  /**
   * One look at an instance.
   *
   * @param id of the instance
   * @param containerId where it runs
   * @param spec what runs
   * @param running whether its process exists
   * @param exitCode null before its end
   * @param pid zero before its start
   */
  public record Exec(
      String id,
      String containerId,
      Spec spec,
      boolean running,
      @Nullable Integer exitCode,
      int pid) {}

  private static final class Instance {
    private final String id;
    private final LiveContainer container;
    private final Run run;
    private final Spec spec;
    private boolean begun;
    private @Nullable ExecProcess process;
    private @Nullable Integer exitCode;

    Instance(String id, LiveContainer container, Run run, Spec spec) {
      this.id = id;
      this.container = container;
      this.run = run;
      this.spec = spec;
    }

    synchronized void begin() {
      if (exitCode != null) {
        throw EngineException.conflict("exec command " + id + " has already run");
      }
      if (begun) {
        throw EngineException.conflict("exec command " + id + " is already running");
      }
      begun = true;
    }

    synchronized void runs(ExecProcess started) {
      process = started;
    }

    synchronized @Nullable ExecProcess process() {
      return exitCode == null ? process : null;
    }

    synchronized void ended(int code) {
      exitCode = code;
    }

    synchronized Exec look() {
      return new Exec(
          id,
          container.id(),
          spec,
          process != null && exitCode == null,
          exitCode,
          process == null ? 0 : process.pid());
    }
  }

  /** Makes an instance in a running container. Returns its id. */
  public String create(String reference, Spec spec) {
    LiveContainer container = table.require(reference);
    if (spec.command().isEmpty()) {
      throw EngineException.invalid("no exec command specified");
    }
    DetachKeys.parse(spec.detachKeys());
    Run run = requireRunning(container);
    String id = features.surroundings().ids().next();
    instances.put(id, new Instance(id, container, run, spec));
    var _ = run.exited().thenRun(() -> instances.remove(id));
    events.tell(
        container, "exec_create: " + String.join(" ", spec.command()), Map.of("execID", id));
    return id;
  }

  private static Run requireRunning(LiveContainer container) {
    Run run = container.run();
    if (run == null) {
      throw container.state() instanceof ContainerState.Restarting
          ? EngineException.conflict(
              "container " + container.id() + " is restarting, wait until the container is running")
          : ContainerStop.notRunning(container);
    }
    if (container.state() instanceof ContainerState.Paused) {
      throw EngineException.conflict(
          "container " + container.id() + " is paused, unpause the container before exec");
    }
    return run;
  }

  private Instance require(String execId) {
    Instance instance = instances.get(execId);
    if (instance == null) {
      throw EngineException.notFound("No such exec instance: " + execId);
    }
    return instance;
  }

  /** Live instances of a container. */
  List<String> idsOf(String containerId) {
    return instances.values().stream()
        .filter(instance -> instance.container.id().equals(containerId))
        .map(Instance::look)
        .filter(exec -> exec.exitCode() == null)
        .map(Exec::id)
        .sorted()
        .toList();
  }

  /** One instance. */
  public Exec inspect(String execId) {
    return require(execId).look();
  }

  /** Starts an instance and returns at once. */
  public void startDetached(String execId) {
    Instance instance = require(execId);
    begin(instance);
    launch(instance, new Discard(), null, false);
  }

  private static void begin(Instance instance) {
    Run run = requireRunning(instance.container);
    if (run != instance.run) {
      throw ContainerStop.notRunning(instance.container);
    }
    instance.begin();
  }

  /**
   * Checks an instance that a client will attach to; its process starts in the session's run.
   *
   * @param tty as the client says; the instance's own setting decides
   * @param consoleSize rows and columns of the client's terminal, or null
   */
  public Attachments.Session startAttached(
      String execId, boolean tty, @Nullable List<Integer> consoleSize) {
    Instance instance = require(execId);
    begin(instance);
    Spec spec = instance.spec;
    AttachSession session =
        new AttachSession(
            new AttachSession.Wishes(
                spec.tty(),
                spec.attachStdin(),
                spec.attachStdout(),
                spec.attachStderr(),
                true,
                DetachKeys.parse(spec.detachKeys()),
                null),
            features.surroundings().timers());
    return new ExecSession(instance, session, consoleSize);
  }

  private final class ExecSession implements Attachments.Session {
    private final Instance instance;
    private final AttachSession session;
    private final @Nullable List<Integer> consoleSize;

    ExecSession(Instance instance, AttachSession session, @Nullable List<Integer> consoleSize) {
      this.instance = instance;
      this.session = session;
      this.consoleSize = consoleSize;
    }

    @Override
    public boolean tty() {
      return session.tty();
    }

    @Override
    public void run(ClientStreams streams) throws InterruptedException {
      UntilExit sink = new UntilExit(session, new CompletableFuture<>());
      Launched launched = launch(instance, sink, consoleSize, instance.spec.attachStdin());
      session.connect(launched.process().streams());
      // A client asks for the exit code as soon as its stream has ended.
      var _ =
          CompletableFuture.allOf(launched.recorded(), sink.outputEnded())
              .whenComplete((both, failure) -> session.closed());
      session.run(streams);
    }

    @Override
    public void close() {
      session.close();
    }
  }

  /**
   * A process that runs.
   *
   * @param recorded completes when its exit code can be asked for
   */
  private record Launched(ExecProcess process, CompletableFuture<Void> recorded) {}

  private Launched launch(
      Instance instance, StreamSink sink, @Nullable List<Integer> consoleSize, boolean stdin) {
    Spec spec = instance.spec;
    List<Integer> size = consoleSize == null ? spec.consoleSize() : consoleSize;
    events.tell(
        instance.container,
        "exec_start: " + String.join(" ", spec.command()),
        Map.of("execID", instance.id));
    try {
      ExecProcess process =
          instance
              .run
              .process()
              .exec(
                  plan.plan(
                      instance.container,
                      new ExecPlan.Wish(
                          instance.id,
                          spec.command(),
                          spec.environment(),
                          spec.workingDirectory(),
                          spec.user(),
                          spec.privileged(),
                          spec.tty(),
                          stdin,
                          LaunchPlan.consoleSize(size))),
                  sink);
      instance.runs(process);
      return new Launched(process, process.exit().thenAccept(code -> ended(instance, code)));
    } catch (LaunchException failure) {
      ended(instance, failure.kind().exitCode());
      throw EngineException.invalid(failure.text());
    } catch (EngineException failure) {
      ended(instance, CANNOT_RUN);
      throw failure;
    }
  }

  private void ended(Instance instance, int exitCode) {
    instance.ended(exitCode);
    events.tell(
        instance.container,
        "exec_die",
        Map.of("execID", instance.id, "exitCode", Integer.toString(exitCode)));
  }

  /** Sets the size of an instance's terminal. */
  public void resize(String execId, int rows, int columns) {
    Instance instance = require(execId);
    ExecProcess process = instance.process();
    if (process == null) {
      throw EngineException.conflict("cannot resize a stopped container: exec is not running");
    }
    process.resize(new ConsoleSize(rows, columns));
  }

  /** The client learns of the end only when all output has come and the exit code is known. */
  private record UntilExit(AttachSession session, CompletableFuture<Void> outputEnded)
      implements StreamSink {
    @Override
    public void output(Stream stream, ByteBuffer data) {
      session.output(stream, data);
    }

    @Override
    public void closed() {
      outputEnded.complete(null);
    }
  }

  private record Discard() implements StreamSink {
    @Override
    public void output(Stream stream, ByteBuffer data) {}

    @Override
    public void closed() {}
  }
}
