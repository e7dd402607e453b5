package dev.berth.engine;

import org.jspecify.annotations.Nullable;

/**
 * Joins clients to the standard streams of containers. Several clients may be attached at once; one
 * that does not read loses its connection rather than block the container.
 */
public final class Attachments {

  Attachments() {}

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
    throw new UnsupportedOperationException();
  }

  /** Sets the size of a running container's terminal. */
  public void resize(String reference, int rows, int columns) {
    throw new UnsupportedOperationException();
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
