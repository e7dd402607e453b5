package dev.berth.server;

import dev.berth.api.ProgressMessage;
import dev.berth.api.PushResult;
import dev.berth.core.EngineException;
import dev.berth.image.ProgressSink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a long operation as lines of JSON. An operation that fails before its first
 * message answers with a status of its own; one that fails later tells it in a last line.
 */
final class ProgressStream implements ProgressSink {
  private final OutputStream out;

  ProgressStream(Exchange exchange) {
    this.out = new LateStream(exchange, 200, "application/json");
  }

  /** An operation that tells its progress. */
  @FunctionalInterface
  interface Operation {
    /** Runs to its end. */
    void run(ProgressSink progress) throws IOException;
  }

  /** Runs the operation and answers with what it tells. */
  static void run(Exchange exchange, Operation operation) throws IOException {
    ProgressStream stream = new ProgressStream(exchange);
    try (Disconnect.Registration _ = exchange.interruptWhenClientGone()) {
      operation.run(stream);
      if (!exchange.answered()) {
        stream.out.flush();
      }
    } catch (UncheckedIOException clientGone) {
      throw clientGone.getCause();
    } catch (EngineException failure) {
      if (!exchange.answered()) {
        throw failure;
      }
      stream.fail(failure);
    }
  }

  @Override
  public void send(Message message) {
    write(json(message));
  }

  /** A message as it is sent. */
  static ProgressMessage json(Message message) {
    Progress progress = message.progress();
    Pushed pushed = message.pushed();
    return new ProgressMessage(
        orEmpty(message.stream()),
        orEmpty(message.status()),
        detail(message.id(), progress),
        "",
        orEmpty(message.id()),
        null,
        "",
        pushed == null ? null : new PushResult(pushed.tag(), pushed.digest(), pushed.sizeBytes()));
  }

  /** A line of text, or of a result. */
  static ProgressMessage message(String text, @Nullable Object result) {
    return new ProgressMessage(text, "", null, "", "", null, "", result);
  }

  /** The last line of an operation that failed. */
  static ProgressMessage failure(int code, String text) {
    return new ProgressMessage(
        "", "", null, "", "", new ProgressMessage.ErrorDetail(code, text), text, null);
  }

  /** A line about one thing always has the object, empty when nothing is counted. */
  private static ProgressMessage.@Nullable ProgressDetail detail(
      @Nullable String id, @Nullable Progress progress) {
    if (progress != null) {
      return new ProgressMessage.ProgressDetail(progress.currentBytes(), progress.totalBytes());
    }
    return id == null ? null : new ProgressMessage.ProgressDetail(0, 0);
  }

  private void fail(EngineException failure) {
    write(failure(0, failure.text()));
  }

  private void write(ProgressMessage message) {
    try {
      out.write(Json.line(message));
      out.flush();
    } catch (IOException clientGone) {
      throw new UncheckedIOException(clientGone);
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
