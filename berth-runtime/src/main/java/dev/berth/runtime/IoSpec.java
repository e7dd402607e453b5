package dev.berth.runtime;

import java.nio.file.Path;

/**
 * Input and output of a container.
 *
 * @param openStdin whether standard input is a pipe (or the terminal) instead of {@code /dev/null}
 * @param stdinOnce whether input ends with the first attached client that ends or leaves
 * @param log where output is kept
 */
public record IoSpec(boolean openStdin, boolean stdinOnce, LogTarget log) {

  /** Where output is kept. */
  public sealed interface LogTarget {
    /**
     * A file, rotated by size. {@link ContainerLog} reads it.
     *
     * @param path of the newest file, absolute, without a colon
     * @param rotation when to begin another
     */
    record File(Path path, LogRotation rotation) implements LogTarget {
      /** Checks the path. */
      public File {
        if (!path.isAbsolute() || path.toString().contains(":")) {
          throw new IllegalArgumentException("log path: " + path);
        }
      }
    }

    /** Nowhere; only attached clients see it. */
    record None() implements LogTarget {}
  }

  /**
   * When a log file is set aside for a fresh one.
   *
   * @param maxSizeBytes size that is not to be exceeded by much; -1 for no limit
   * @param maxFiles number of files that are kept, the newest included; at least 1
   * @param compress whether those set aside are compressed with gzip
   */
  public record LogRotation(long maxSizeBytes, int maxFiles, boolean compress) {
    /** One file of any size. */
    public static final LogRotation NEVER = new LogRotation(-1, 1, false);

    /** Checks the numbers. */
    public LogRotation {
      if (maxFiles < 1) {
        throw new IllegalArgumentException("max-file cannot be less than 1");
      }
    }
  }
}
