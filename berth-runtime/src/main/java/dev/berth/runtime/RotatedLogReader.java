package dev.berth.runtime;

import dev.berth.core.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log over all its files. When following it stays on a file that is set aside until that
 * has no more lines, and then goes on with the next newer one.
 */
final class RotatedLogReader implements LogReader {
  private static final int GZIP_BUFFER = 64 * 1024;
  private static final int MOST_ROTATIONS = 1000;

  /** Longest piece of an endless line that is handed out at once: as in Docker. */
  private static final int LARGEST_ENTRY = 16 * 1024;

  private static final Duration SHORTEST_WAIT = Duration.ofMillis(2);
  private static final Duration LONGEST_WAIT = Duration.ofMillis(50);

  /** What was read of a line that is not complete. */
  private static final class Pending {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Instant time = Instant.EPOCH;
  }

  private final ContainerLog log;
  private final LogQuery query;
  private final CompletionStage<?> ended;
  private final Deque<Path> older = new ArrayDeque<>();
  private final LogLine head = new LogLine();
  private final Map<StreamSink.Stream, Pending> pending = new EnumMap<>(StreamSink.Stream.class);
  private volatile boolean closed;
  private long skip;
  private boolean finished;
  private @Nullable InputStream stream;
  private @Nullable LineSource lines;
  private @Nullable Object openFile;

  RotatedLogReader(ContainerLog log, LogQuery query, CompletionStage<?> ended) throws IOException {
    this.log = log;
    this.query = query;
    this.ended = ended;
    List<Path> files = log.filesOldestFirst();
    LogTail.Start start = new LogTail.Start(0, 0, 0);
    if (query.tail() >= 0 && !files.isEmpty()) {
      start = new LogTail(query).find(files);
    }
    skip = start.skippedLines();
    older.addAll(files.subList(Math.min(start.fileIndex(), files.size()), files.size()));
    if (!older.isEmpty()) {
      open(older.poll(), start.offset());
    }
  }

  static boolean selected(LogQuery query, StreamSink.Stream stream) {
    return stream == StreamSink.Stream.STDOUT ? query.stdout() : query.stderr();
  }

  @Override
  public @Nullable LogEntry next() {
    try {
      while (!finished && !closed) {
        LogEntry entry = lines != null && lines.advance() ? read(lines) : atEndOfFile();
        if (entry != null && wanted(entry)) {
          return entry;
        }
      }
      closeFile();
      return null;
    } catch (IOException failure) {
      if (closed) {
        return null;
      }
      throw EngineException.internal("reading log " + log.newest() + " failed", failure);
    }
  }

  /** Applies the times; the log is in order, so the first line that is too late is the end. */
  private boolean wanted(LogEntry entry) {
    if (query.until() != null && entry.time().isAfter(query.until())) {
      finished = true;
      return false;
    }
    return query.since() == null || !entry.time().isBefore(query.since());
  }

  private @Nullable LogEntry read(LineSource source) {
    byte[] buffer = source.buffer();
    int start = source.start();
    if (!head.isValid(buffer, start, source.end())) {
      return null;
    }
    StreamSink.Stream from = head.stream(buffer, start);
    if (!selected(query, from)) {
      return null;
    }
    int text = start + LogLine.HEAD_LENGTH;
    boolean full = head.isFull(buffer, start);
    if (full && skip > 0) {
      skip--;
      pending.remove(from);
      return null;
    }
    Pending before = pending.get(from);
    if (full && before == null) {
      return new LogEntry(
          head.time(buffer, start), from, java.util.Arrays.copyOfRange(buffer, text, source.end()));
    }
    if (before == null) {
      before = new Pending();
      before.time = head.time(buffer, start);
      pending.put(from, before);
    }
    before.bytes.write(buffer, text, source.end() - text - (full ? 0 : 1));
    return full || before.bytes.size() >= LARGEST_ENTRY ? flush(from) : null;
  }

  private @Nullable LogEntry flush(StreamSink.Stream from) {
    Pending complete = pending.remove(from);
    return complete == null
        ? null
        : new LogEntry(complete.time, from, complete.bytes.toByteArray());
  }

  private @Nullable LogEntry atEndOfFile() throws IOException {
    if (!older.isEmpty()) {
      open(older.poll(), 0);
      return null;
    }
    if (query.follow() && !query.stdout() && !query.stderr()) {
      finished = true;
      return null;
    }
    if (query.follow() && awaitMore()) {
      return null;
    }
    for (StreamSink.Stream from : StreamSink.Stream.values()) {
      LogEntry rest = flush(from);
      if (rest != null) {
        return rest;
      }
    }
    finished = true;
    return null;
  }

  /** Waits for a line; false when none can come any more. */
  private boolean awaitMore() throws IOException {
    long wait = SHORTEST_WAIT.toNanos();
    while (!closed) {
      // The order matters: what is written before the end must be seen after the end is known.
      boolean over = ended.toCompletableFuture().isDone() || isPast(query.until());
      if (moreInFile() || openNewer()) {
        return true;
      }
      if (over) {
        return false;
      }
      LockSupport.parkNanos(wait);
      wait = Math.min(wait * 2, LONGEST_WAIT.toNanos());
    }
    return false;
  }

  private static boolean isPast(@Nullable Instant until) {
    return until != null && Instant.now().isAfter(until);
  }

  private boolean moreInFile() throws IOException {
    return stream instanceof PlainFile plain && plain.hasMore();
  }

  /** Goes on with the file that follows the open one, if rotation has set the open one aside. */
  private boolean openNewer() throws IOException {
    if (openFile == null) {
      if (!Files.exists(log.newest())) {
        return false;
      }
      open(log.newest(), 0);
      return true;
    }
    int index = indexOfOpenFile();
    if (index == 0 || !Files.exists(log.newest())) {
      return false;
    }
    if (moreInFile()) {
      return true;
    }
    open(log.file(index > 0 ? index - 1 : 0), 0);
    return true;
  }

  private int indexOfOpenFile() {
    for (int index = 0; index < MOST_ROTATIONS; index++) {
      Object key = fileKey(log.file(index));
      if (Objects.equals(key, openFile)) {
        return index;
      }
      if (key == null && index > 0) {
        return -1;
      }
    }
    return -1;
  }

  private static @Nullable Object fileKey(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (IOException missing) {
      return null;
    }
  }

  private void open(Path file, long offset) throws IOException {
    closeFile();
    try {
      openFile = fileKey(file);
      if (LogTail.isCompressed(file)) {
        stream = new GZIPInputStream(Files.newInputStream(file), GZIP_BUFFER);
      } else {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        channel.position(offset);
        stream = new PlainFile(channel);
      }
      lines = new LineSource(stream);
    } catch (NoSuchFileException rotatedAway) {
      openFile = null;
    }
  }

  private void closeFile() throws IOException {
    if (stream != null) {
      stream.close();
      stream = null;
      lines = null;
    }
  }

  /** Only marks: the file is closed by the thread that reads it. */
  @Override
  public void close() {
    closed = true;
  }

  /** A file that may grow. */
  private static final class PlainFile extends FilterInputStream {
    private final FileChannel channel;

    PlainFile(FileChannel channel) {
      super(Channels.newInputStream(channel));
      this.channel = channel;
    }

    boolean hasMore() throws IOException {
      return channel.position() < channel.size();
    }
  }
}
