package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.LiveContainer.Run;
import dev.berth.runtime.ConsoleSize;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Joins clients to the standard streams of containers. Several clients may be attached at once; one
 * that does not read loses its connection rather than block the container for ever.
 */
public final class Attachments {
  private final ContainerTable table;
  private final ContainerLogs logs;
  private final ContainerEvents events;
  private final Timers timers;

  Attachments(ContainerTable table, ContainerLogs logs, ContainerEvents events, Timers timers) {
    this.table = table;
    this.logs = logs;
    this.events = events;
    this.timers = timers;
  }

  /**
   * What to attach.
   *
   * @param stdin the client's input
   * @param stdout output
   * @param stderr error output
   * @param logs replay what was written before
   * @param stream stay attached; otherwise only replay
   * @param detachKeys such as {@code ctrl-p,ctrl-q}, or null for the default
   */
  public record Options(
      boolean stdin,
      boolean stdout,
      boolean stderr,
      boolean logs,
      boolean stream,
      @Nullable String detachKeys) {}

  /**
   * Attaches to a container, also before it starts. Nothing that is written after this call is
   * missed. All errors are thrown here, before the connection is hijacked.
   */
  public Session attach(String reference, Options options) {
    LiveContainer container = table.require(reference);
    DetachKeys keys = DetachKeys.parse(options.detachKeys());
    if (container.state() instanceof ContainerState.Paused) {
      throw EngineException.conflict(
          "container " + container.id() + " is paused, unpause the container before attach");
    }
    ContainerConfig.Streams streams = container.spec().config().streams();
    AttachSession session =
        new AttachSession(
            new AttachSession.Wishes(
                streams.tty(),
                options.stdin() && options.stream() && streams.openStdin(),
                options.stdout(),
                options.stderr(),
                true,
                keys,
                options.logs() ? replay(container, options) : null),
            timers);
    if (options.stream()) {
      join(container, session);
    } else {
      session.closed();
    }
    events.tell(container, "attach");
    return session;
  }

  private static void join(LiveContainer container, AttachSession session) {
    try (LiveContainer.Held _ = container.hold()) {
      Run run = container.run();
      if (run == null) {
        container.waitingClients().add(session);
      } else {
        session.connect(
            session.wantsInput()
                ? run.process().attach(session)
                : run.process().attachOutput(session));
      }
    }
  }

  private AttachSession.Replay replay(LiveContainer container, Options options) {
    ContainerLogs.Query query =
        new ContainerLogs.Query(options.stdout(), options.stderr(), null, null, -1, false);
    return streams -> {
      try (ContainerLogs.Reading reading = logs.open(container.id(), query)) {
        reading.read(line -> {
          OutputStream out =
              line.stream() == ContainerLogs.Stream.STDOUT ? streams.stdout() : streams.stderr();
          try {
            out.write(line.bytes());
            out.flush();
          } catch (java.io.IOException left) {
            throw new java.io.UncheckedIOException(left);
          }
        });
      } catch (java.io.UncheckedIOException left) {
        throw new java.io.IOException(left);
      }
    };
  }

  /** Sets the size of a running container's terminal. */
  public void resize(String reference, int rows, int columns) {
    LiveContainer container = table.require(reference);
    Run run = container.run();
    if (run == null) {
      throw ContainerStop.notRunning(container);
    }
    run.process().resize(new ConsoleSize(rows, columns));
    events.tell(
        container,
        "resize",
        java.util.Map.of("height", Integer.toString(rows), "width", Integer.toString(columns)));
  }

  /** A client that is attached, or will be once the process starts. */
  public interface Session extends AutoCloseable {
    /** Whether the process has a terminal, so that output is not framed. */
    boolean tty();

    /**
     * Copies both ways until the process ends, the client leaves or types the detach keys.
     *
     * @throws dev.berth.core.EngineException what goes on the stream as text when an exec cannot
     *     start
     */
    void run(ClientStreams streams) throws InterruptedException;

    @Override
    void close();
  }
}
