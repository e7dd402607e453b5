package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.LiveContainer.Run;
import dev.berth.runtime.ContainerLog;
import dev.berth.runtime.LogEntry;
import dev.berth.runtime.LogQuery;
import dev.berth.runtime.LogReader;
import dev.berth.runtime.StreamSink;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads what containers wrote. */
public final class ContainerLogs {
  private final Features features;
  private final ContainerTable table;

  ContainerLogs(Features features, ContainerTable table) {
    this.features = features;
    this.table = table;
  }

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
  @SuppressWarnings("ArrayRecordComponent") // bytes as they were written: decoding is the client's
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
    LiveContainer container = table.require(reference);
    if (!query.stdout() && !query.stderr()) {
      throw EngineException.invalid("Bad parameters: you must choose at least one stream");
    }
    HostOptions.LogOptions options = container.spec().host().lifecycle().log();
    if (!LogRules.readable(options)) {
      throw EngineException.notImplemented("configured logging driver does not support reading");
    }
    Run run = container.run();
    CompletionStage<?> ended =
        run == null ? CompletableFuture.completedFuture(null) : run.process().exit();
    LogReader reader =
        new ContainerLog(ContainerDirectory.of(features.settings(), container.id()).log())
            .read(
                new LogQuery(
                    query.stdout(),
                    query.stderr(),
                    query.tail() < 0 ? -1 : query.tail(),
                    query.since(),
                    query.until(),
                    query.follow()),
                ended);
    return new OpenReading(
        reader,
        container.spec().config().streams().tty(),
        LogRules.attributes(container.spec().config(), options));
  }

  private record OpenReading(LogReader reader, boolean tty, Map<String, String> attributes)
      implements Reading {
    @Override
    public void read(Lines lines) {
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        Stream stream = entry.stream() == StreamSink.Stream.STDOUT ? Stream.STDOUT : Stream.STDERR;
        lines.accept(new Line(stream, entry.time(), entry.line(), attributes));
      }
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
