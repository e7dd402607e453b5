package dev.berth.runtime;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Reads the head of one line of a log file. Made for one thread; remembers the last second. */
final class LogLine {
  private static final int SECOND_LENGTH = "2026-01-01T00:00:00".length();
  private static final int NANO_DIGITS = 9;
  private static final int OFFSET_LENGTH = "+00:00".length();
  private static final int TIME_LENGTH = SECOND_LENGTH + 1 + NANO_DIGITS + OFFSET_LENGTH;
  private static final int STREAM_LENGTH = "stdout".length();
  private static final int STREAM_START = TIME_LENGTH + 1;
  private static final int TAG = STREAM_START + STREAM_LENGTH + 1;

  /** Bytes in front of the text. */
  static final int HEAD_LENGTH = TAG + 2;

  private byte[] knownSecond = new byte[0];
  private byte[] knownOffset = new byte[0];
  private long knownEpochSecond;

  /** Whether there is a head at all; a torn write may have left something else. */
  boolean isValid(byte[] buffer, int start, int end) {
    return end - start >= HEAD_LENGTH
        && buffer[start + TIME_LENGTH] == ' '
        && buffer[start + TAG - 1] == ' '
        && buffer[start + TAG + 1] == ' '
        && buffer[start + SECOND_LENGTH] == '.';
  }

  StreamSink.Stream stream(byte[] buffer, int start) {
    // "stdout" and "stderr" differ in the fourth letter.
    return buffer[start + STREAM_START + 3] == 'e'
        ? StreamSink.Stream.STDERR
        : StreamSink.Stream.STDOUT;
  }

  /** Whether the text is a whole line or the end of one. */
  boolean isFull(byte[] buffer, int start) {
    return buffer[start + TAG] == 'F';
  }

  Instant time(byte[] buffer, int start) {
    int offset = start + TIME_LENGTH - OFFSET_LENGTH;
    if (!matches(buffer, start, knownSecond) || !matches(buffer, offset, knownOffset)) {
      String text = new String(buffer, start, TIME_LENGTH, StandardCharsets.US_ASCII);
      knownEpochSecond = OffsetDateTime.parse(text).toEpochSecond();
      knownSecond = java.util.Arrays.copyOfRange(buffer, start, start + SECOND_LENGTH);
      knownOffset = java.util.Arrays.copyOfRange(buffer, offset, offset + OFFSET_LENGTH);
    }
    int nanos = 0;
    for (int i = start + SECOND_LENGTH + 1; i < offset; i++) {
      nanos = nanos * 10 + buffer[i] - '0';
    }
    return Instant.ofEpochSecond(knownEpochSecond, nanos);
  }

  private static boolean matches(byte[] buffer, int start, byte[] known) {
    return known.length > 0
        && java.util.Arrays.equals(buffer, start, start + known.length, known, 0, known.length);
  }
}
