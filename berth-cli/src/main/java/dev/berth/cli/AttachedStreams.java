package dev.berth.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * Joins a container's streams to the process's own: its output as it comes, apart by stream unless
 * it has a terminal, and standard input until that ends.
 */
final class AttachedStreams {
  private static final int STDERR = 2;
  private static final int FRAME_HEADER = 8;

  private final HttpExchange exchange;
  private final boolean tty;

  AttachedStreams(HttpExchange exchange, boolean tty) {
    this.exchange = exchange;
    this.tty = tty;
  }

  /** Copies both ways until the container's side ends. */
  void pump(@Nullable InputStream input) throws IOException {
    if (input != null) {
      Thread feeder = new Thread(() -> feed(input), "stdin");
      feeder.setDaemon(true);
      feeder.start();
    }
    copyOutput(exchange.body(), tty, System.out, System.err);
  }

  private void feed(InputStream input) {
    try {
      OutputStream out = exchange.raw();
      byte[] buffer = new byte[8 * 1024];
      for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
        out.write(buffer, 0, count);
        out.flush();
      }
      exchange.endOutput();
    } catch (IOException ended) {
      // The container went away while something was typed.
    }
  }

  /** Copies output to its end; without a terminal it comes in frames that name their stream. */
  static void copyOutput(InputStream from, boolean tty, PrintStream out, PrintStream err)
      throws IOException {
    if (tty) {
      copy(from, out, Long.MAX_VALUE);
      return;
    }
    byte[] header = new byte[FRAME_HEADER];
    while (from.readNBytes(header, 0, FRAME_HEADER) == FRAME_HEADER) {
      long length =
          (header[4] & 0xffL) << 24
              | (header[5] & 0xffL) << 16
              | (header[6] & 0xffL) << 8
              | (header[7] & 0xffL);
      copy(from, header[0] == STDERR ? err : out, length);
    }
  }

  private static void copy(InputStream from, PrintStream to, long length) throws IOException {
    byte[] buffer = new byte[32 * 1024];
    long left = length;
    while (left > 0) {
      int count = from.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        break;
      }
      to.write(buffer, 0, count);
      to.flush();
      left -= count;
    }
  }
}
