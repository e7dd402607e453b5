package dev.berth.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The life of containers: create, start, stop, remove and what lies between. A container is named
 * by its name, its id or an unambiguous beginning of its id. Every method throws {@link
 * dev.berth.core.EngineException} with Docker's words. Safe for use by any thread; operations on
 * one container run one after another, those on different containers side by side.
 */
public final class Containers {

  Containers() {}

  /**
   * Creates a container; nothing is left behind when it fails.
   *
   * @param name empty for a generated one
   * @param platform what the client asked for, or null
   */
  public Created create(String name, @Nullable String platform, ContainerSpec spec) {
    throw new UnsupportedOperationException();
  }

  /**
   * What a creation answers.
   *
   * @param id of the new container
   * @param warnings in Docker's words
   */
  public record Created(String id, List<String> warnings) {}

  /**
   * One container.
   *
   * @param size whether to measure what it takes on the disk
   */
  public Container inspect(String reference, boolean size) {
    throw new UnsupportedOperationException();
  }

  /** The containers that a query selects, newest first. */
  public List<Container> list(ContainerQuery query) {
    throw new UnsupportedOperationException();
  }

  /** Starts it; NOT_MODIFIED when it runs already. */
  public void start(String reference) {
    throw new UnsupportedOperationException();
  }

  /**
   * Stops it: its stop signal, then SIGKILL after the time-out; NOT_MODIFIED when it does not run.
   *
   * @param signal instead of its own, or null
   * @param timeoutSeconds instead of its own, or null; negative waits for ever
   */
  public void stop(String reference, @Nullable String signal, @Nullable Integer timeoutSeconds) {
    throw new UnsupportedOperationException();
  }

  /** Stops and starts it; parameters as for {@link #stop}. */
  public void restart(String reference, @Nullable String signal, @Nullable Integer timeoutSeconds) {
    throw new UnsupportedOperationException();
  }

  /**
   * Sends a signal.
   *
   * @param signal a name with or without SIG, or a number; empty for SIGKILL
   */
  public void kill(String reference, String signal) {
    throw new UnsupportedOperationException();
  }

  /** Freezes it. */
  public void pause(String reference) {
    throw new UnsupportedOperationException();
  }

  /** Thaws it. */
  public void unpause(String reference) {
    throw new UnsupportedOperationException();
  }

  /** Gives it another name. */
  public void rename(String reference, String name) {
    throw new UnsupportedOperationException();
  }

  /**
   * Changes limits and restart policy; what the update leaves empty stays.
   *
   * @return warnings
   */
  public List<String> update(String reference, ContainerUpdate update) {
    throw new UnsupportedOperationException();
  }

  /** Removes it. */
  public void remove(String reference, Removal how) {
    throw new UnsupportedOperationException();
  }

  /**
   * How to remove a container.
   *
   * @param force kill it first when it runs
   * @param volumes remove its anonymous volumes too
   * @param link remove the link of that name, not the container
   */
  public record Removal(boolean force, boolean volumes, boolean link) {}

  /**
   * Begins to wait, so that nothing which happens after this call is missed.
   *
   * @param condition {@code not-running} (also when empty), {@code next-exit} or {@code removed}
   */
  public Waiting await(String reference, String condition) {
    throw new UnsupportedOperationException();
  }

  /** A wait that has begun. */
  public interface Waiting extends AutoCloseable {
    /** Blocks until the condition holds. */
    WaitResult get() throws InterruptedException;

    @Override
    void close();
  }

  /**
   * How a wait ended.
   *
   * @param exitCode of the process
   * @param error why it could not start, or null
   */
  public record WaitResult(int exitCode, @Nullable String error) {}

  /** Removes the containers that do not run and match (keys: label, label!, until). */
  public Pruned prune(Filters filters) {
    throw new UnsupportedOperationException();
  }

  /** Its processes as {@code ps} shows them; the first line holds the titles. */
  public Processes top(String reference, String psArguments) {
    throw new UnsupportedOperationException();
  }

  /**
   * Processes of a container.
   *
   * @param titles of the columns
   * @param rows one a process
   */
  public record Processes(List<String> titles, List<List<String>> rows) {}

  /** What it changed on its root file system, in the order of the paths. */
  public List<Change> changes(String reference) {
    throw new UnsupportedOperationException();
  }

  /**
   * A changed path.
   *
   * @param path absolute, in the container
   * @param kind what happened to it
   */
  public record Change(String path, Kind kind) {
    /** Docker's numbers are the ordinals. */
    public enum Kind {
      /** Content or attributes differ. */
      MODIFIED,
      /** New. */
      ADDED,
      /** Gone. */
      DELETED
    }
  }
}
