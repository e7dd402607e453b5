package dev.berth.runtime.driver.conmon;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.berth.linux.Errno;
import dev.berth.linux.EventLoop;
import dev.berth.linux.Fd;
import dev.berth.linux.FileData;
import dev.berth.linux.LinuxException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pipe on which a monitor reports, a line of JSON each time: first the process id or why there
 * is none, then for an exec its exit code.
 */
final class SyncPipe implements AutoCloseable {
  private static final int CHUNK_BYTES = 4096;
  private static final int LARGEST_REPORT = 64 * 1024;
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * A report.
   *
   * @param value process id or exit code; negative for a failure, and -1 if the monitor ended
   *     without a report
   * @param message reason of a failure, else empty
   */
  record Report(int value, String message) {}

  private final FileData.Pipe pipe;
  private final EventLoop loop;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<CompletableFuture<Report>> waiting = new ArrayDeque<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private EventLoop.@org.jspecify.annotations.Nullable Registration registration;

  SyncPipe(EventLoop loop) {
    this.loop = loop;
    this.pipe = FileData.pipe2(0);
  }

  /** The end that the monitor inherits. */
  Fd writeEnd() {
    return pipe.write();
  }

  /**
   * Begins to read, after the monitor was started.
   *
   * @param reports completed in their order
   */
  void listen(java.util.List<CompletableFuture<Report>> reports) {
    pipe.write().close();
    waiting.addAll(reports);
    FileData.nonBlocking(pipe.read(), true);
    lock.lock();
    try {
      registration = loop.register(pipe.read(), EventLoop.READABLE, this::ready);
    } finally {
      lock.unlock();
    }
  }

  private void ready(int events) {
    byte[] chunk = new byte[CHUNK_BYTES];
    int count;
    try {
      count = FileData.read(pipe.read(), chunk, 0, chunk.length);
    } catch (LinuxException failure) {
      if (failure.is(Errno.EAGAIN)) {
        return;
      }
      count = 0;
    }
    for (int i = 0; i < count; i++) {
      if (chunk[i] == '\n') {
        report(parse(line.toByteArray()));
        line.reset();
      } else if (line.size() < LARGEST_REPORT) {
        line.write(chunk[i]);
      }
    }
    if (count == 0) {
      close();
    }
  }

  private void report(Report report) {
    CompletableFuture<Report> next = waiting.poll();
    if (next != null) {
      next.complete(report);
    }
  }

  private static Report parse(byte[] json) {
    int value = -1;
    String message = "";
    try (JsonParser parser = JSON.createParser(json)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
          value = parser.getIntValue();
        } else if (parser.currentToken() == JsonToken.VALUE_STRING) {
          message = parser.getText();
        }
      }
    } catch (IOException malformed) {
      return new Report(
          -1, "the monitor reported " + new String(json, java.nio.charset.StandardCharsets.UTF_8));
    }
    return new Report(value, message);
  }

  /** Stops reading; whoever still waits gets an empty report. Called by the loop or its owner. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (registration != null) {
        registration.close();
      }
      pipe.close();
    } finally {
      lock.unlock();
    }
    while (!waiting.isEmpty()) {
      report(new Report(-1, ""));
    }
  }
}
