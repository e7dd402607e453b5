package dev.berth.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** One line on the user's terminal that shows how far a transfer is; nothing elsewhere. */
final class ProgressBar implements AutoCloseable {
  private static final int WIDTH = 40;
  private static final long PERIOD_NANOS = 200_000_000L;

  private final PrintStream out;
  private final boolean shown;
  private final String label;
  private long lastNanos;
  private boolean drawn;

  private ProgressBar(PrintStream out, boolean shown, String label) {
    this.out = out;
    this.shown = shown;
    this.label = label;
  }

  /**
   * A bar on standard error, where that is a terminal.
   *
   * @param label what is transferred
   * @param quiet whether the user wants none
   */
  static ProgressBar onError(String label, boolean quiet) {
    return new ProgressBar(System.err, !quiet && isTerminal(2), label);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException closed) {
      return false;
    }
  }

  /** Shows how far it is; {@code total} is 0 where that is not known. */
  void at(long done, long total) {
    long now = System.nanoTime();
    if (!shown || (drawn && now - lastNanos < PERIOD_NANOS && done != total)) {
      return;
    }
    drawn = true;
    lastNanos = now;
    out.print("\r\033[2K" + label + " " + line(done, total));
    out.flush();
  }

  static String line(long done, long total) {
    if (total <= 0) {
      return Units.decimal((double) done);
    }
    int filled = (int) Math.min(WIDTH, WIDTH * done / total);
    String bar = "=".repeat(filled) + (filled < WIDTH ? ">" : "");
    return String.format(
        Locale.ROOT,
        "[%-" + (WIDTH + 1) + "s] %s/%s",
        bar,
        Units.decimal((double) done),
        Units.decimal((double) total));
  }

  /** Counts what is read from a stream. */
  InputStream counting(InputStream in, long total) {
    return new FilterInputStream(in) {
      private long done;

      @Override
      public int read() throws IOException {
        int one = super.read();
        count(one < 0 ? 0 : 1);
        return one;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        count(Math.max(count, 0));
        return count;
      }

      private void count(int bytes) {
        done += bytes;
        at(done, total);
      }
    };
  }

  /** Ends the line. */
  @Override
  public void close() {
    if (drawn) {
      out.println();
    }
  }
}
