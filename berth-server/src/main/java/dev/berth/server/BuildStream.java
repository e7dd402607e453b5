package dev.berth.server;

import dev.berth.api.BuildResult;
import dev.berth.api.ProgressMessage;
import dev.berth.build.BuildOutput;
import dev.berth.image.Digest;
import dev.berth.image.ProgressSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a build tells, as lines of JSON. What a quiet build tells is kept back, and comes out only
 * when it fails. Standard and error output of a step come from different threads.
 */
final class BuildStream implements BuildOutput {
  private static final String RED = "\u001b[91m";
  private static final String PLAIN = "\u001b[0m";
  private static final int MOST_KEPT = 1 << 20;

  private final Exchange exchange;
  private final OutputStream out;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final boolean quiet;
  private final ReentrantLock order = new ReentrantLock();

  BuildStream(Exchange exchange, boolean quiet) {
    this.exchange = exchange;
    this.out = new LateStream(exchange, 200, "application/json");
    this.quiet = quiet;
  }

  @Override
  public void text(String text) {
    tell(ProgressStream.message(text, null));
  }

  @Override
  public void error(String text) {
    text(RED + text + PLAIN);
  }

  @Override
  public void image(Digest id) {
    if (exchange.version().atLeast(30)) {
      tell(ProgressStream.message("", new BuildResult(id.toString())));
    }
  }

  @Override
  public ProgressSink progress() {
    return message -> tell(ProgressStream.json(message));
  }

  /** The one line of a quiet build. */
  void only(String text) {
    write(Json.line(ProgressStream.message(text, null)));
  }

  /** Whether the client was told anything, or would have been. */
  boolean begun() {
    return exchange.answered() || kept.size() > 0;
  }

  /** The last line of a build that failed. */
  void fail(int code, String text) {
    write(kept.toByteArray());
    write(Json.line(ProgressStream.failure(code, text)));
  }

  private void tell(ProgressMessage message) {
    byte[] line = Json.line(message);
    if (!quiet) {
      write(line);
      return;
    }
    order.lock();
    try {
      if (kept.size() < MOST_KEPT) {
        kept.writeBytes(line);
      }
    } finally {
      order.unlock();
    }
  }

  private void write(byte[] line) {
    order.lock();
    try {
      out.write(line);
      out.flush();
    } catch (IOException clientGone) {
      throw new UncheckedIOException(clientGone);
    } finally {
      order.unlock();
    }
  }
}
