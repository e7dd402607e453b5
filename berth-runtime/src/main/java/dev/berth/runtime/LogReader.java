package dev.berth.runtime;

import org.jspecify.annotations.Nullable;

/** Reads the lines that a {@link LogQuery} asks for, oldest first. For one thread at a time. */
public interface LogReader extends AutoCloseable {
  /**
   * The next line; waits for it when following.
   *
   * @return null at the end: everything was read and the container has ended, or the reader was
   *     closed
   */
  @Nullable LogEntry next();

  /** Ends a waiting {@link #next}, from any thread. Idempotent. */
  @Override
  void close();
}
