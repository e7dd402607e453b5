package dev.berth.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Further processes in running containers. An instance is named by its id. */
public final class Execs {

  Execs() {}

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

  /** Makes an instance in a running container. Returns its id. */
  public String create(String reference, Spec spec) {
    throw new UnsupportedOperationException();
  }

  /** One instance. */
  public Exec inspect(String execId) {
    throw new UnsupportedOperationException();
  }

  /** Starts an instance and returns at once. */
  public void startDetached(String execId) {
    throw new UnsupportedOperationException();
  }

  /**
   * Checks an instance that a client will attach to; its process starts in the session's run.
   *
   * @param consoleSize rows and columns of the client's terminal, or null
   */
  public Attachments.Session startAttached(
      String execId, boolean tty, @Nullable List<Integer> consoleSize) {
    throw new UnsupportedOperationException();
  }

  /** Sets the size of an instance's terminal. */
  public void resize(String execId, int rows, int columns) {
    throw new UnsupportedOperationException();
  }
}
