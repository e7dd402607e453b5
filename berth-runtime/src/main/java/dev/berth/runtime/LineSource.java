package dev.berth.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream into lines without copying them. A line that is not yet complete stays in the
 * buffer until the stream has more.
 */
final class LineSource {
  private static final int FIRST_CAPACITY = 128 * 1024;
  private static final int LARGEST_LINE = 1 << 20;

  private final InputStream in;
  private byte[] buffer = new byte[FIRST_CAPACITY];
  private int filled;
  private int start;
  private int end;
  private int next;

  LineSource(InputStream in) {
    this.in = in;
  }

  /** Moves to the next complete line; false if the stream has none at present. */
  boolean advance() throws IOException {
    int scanned = next;
    while (true) {
      for (int i = scanned; i < filled; i++) {
        if (buffer[i] == '\n') {
          start = next;
          end = i + 1;
          next = end;
          return true;
        }
      }
      scanned = filled;
      int kept = next;
      makeRoom();
      scanned -= kept - next;
      int count = in.read(buffer, filled, buffer.length - filled);
      if (count <= 0) {
        return false;
      }
      filled += count;
    }
  }

  private void makeRoom() throws IOException {
    if (next > 0) {
      System.arraycopy(buffer, next, buffer, 0, filled - next);
      filled -= next;
      next = 0;
    }
    if (filled == buffer.length) {
      if (buffer.length >= LARGEST_LINE) {
        throw new IOException("a log line is longer than " + LARGEST_LINE + " bytes");
      }
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
  }

  /** Holds the line from {@link #start} to {@link #end}, until the next {@link #advance}. */
  byte[] buffer() {
    return buffer;
  }

  int start() {
    return start;
  }

  /** Behind the newline. */
  int end() {
    return end;
  }
}
