package dev.berth.engine;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what containers wrote. */
public final class ContainerLogs {

  ContainerLogs() {}

  /**
   * Which lines.
   *
   * @param stdout output
   * @param stderr error output
   * @param since not before; null for the beginning
   * @param until not after; null for the end
   * @param tail at most so many of the last lines; negative for all
   * @param follow go on until the container stops
   */
  public record Query(
      boolean stdout,
      boolean stderr,
      @Nullable Instant since,
      @Nullable Instant until,
      int tail,
      boolean follow) {}

  /**
   * A piece of output; a long line comes in several pieces.
   *
   * @param stream which one
   * @param time when it was read from the container
   * @param bytes with the line feed that ends the line, if it ends here
   * @param attributes of the container that the log options select
   */
  public record Line(Stream stream, Instant time, byte[] bytes, Map<String, String> attributes) {}

  /** The two outputs. */
  public enum Stream {
    /** Standard output, or a terminal's. */
    STDOUT,
    /** Standard error. */
    STDERR
  }

  /** Takes lines; an exception of its own ends the reading and is passed on. */
  @FunctionalInterface
  public interface Lines {
    /** Takes one. */
    void accept(Line line);
  }

  /** A reading that was checked and may begin. */
  public interface Reading extends AutoCloseable {
    /** Whether the container has a terminal, so that the answer is not framed. */
    boolean tty();

    /** Hands over the lines on the calling thread until the end; returns early when closed. */
    void read(Lines lines) throws InterruptedException;

    @Override
    void close();
  }

  /** Checks the query; all errors are thrown here. */
  public Reading open(String reference, Query query) {
    throw new UnsupportedOperationException();
  }
}
