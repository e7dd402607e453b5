package dev.berth.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Finds where the last lines of a log begin, reading from the end so that a tail of a long log
 * costs no more than what it shows.
 */
final class LogTail {
  private static final int BLOCK_BYTES = 64 * 1024;

  /**
   * Where to begin.
   *
   * @param fileIndex in the list of files
   * @param offset in bytes into it; 0 for a compressed file
   * @param skippedLines whole lines to leave out after that
   */
  record Start(int fileIndex, long offset, long skippedLines) {}

  private final LogQuery query;
  private final LogLine head = new LogLine();
  private long missing;

  LogTail(LogQuery query) {
    this.query = query;
    this.missing = query.tail();
  }

  Start find(List<Path> filesOldestFirst) throws IOException {
    for (int index = filesOldestFirst.size() - 1; index >= 0; index--) {
      Path file = filesOldestFirst.get(index);
      if (isCompressed(file)) {
        long count = count(file);
        if (count >= missing) {
          return new Start(index, 0, count - missing);
        }
        missing -= count;
      } else {
        long offset = scanBackwards(file);
        if (offset >= 0) {
          return new Start(index, offset, 0);
        }
      }
    }
    return new Start(0, 0, 0);
  }

  static boolean isCompressed(Path file) {
    return file.toString().endsWith(".gz");
  }

  /** Offset behind the first line that is too many; -1 if the file has not enough lines. */
  private long scanBackwards(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long end = channel.size();
      byte[] carried = new byte[0];
      while (end > 0) {
        int length = (int) Math.min(BLOCK_BYTES, end);
        byte[] block = new byte[length + carried.length];
        ByteBuffer target = ByteBuffer.wrap(block, 0, length);
        channel.position(end - length);
        while (target.hasRemaining() && channel.read(target) >= 0) {}
        System.arraycopy(carried, 0, block, length, carried.length);
        end -= length;
        int lineEnd = block.length;
        for (int i = block.length - 1; i >= 0; i--) {
          boolean lineStart = i == 0 ? end == 0 : block[i - 1] == '\n';
          if (lineStart) {
            if (counts(block, i, lineEnd) && missing-- == 0) {
              missing = 0;
              return end + lineEnd;
            }
            lineEnd = i;
          }
        }
        carried = java.util.Arrays.copyOf(block, lineEnd);
      }
      return -1;
    }
  }

  private boolean counts(byte[] block, int start, int end) {
    if (!head.isValid(block, start, end) || !head.isFull(block, start)) {
      return false;
    }
    return RotatedLogReader.selected(query, head.stream(block, start));
  }

  private long count(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file), BLOCK_BYTES)) {
      long count = 0;
      LineSource lines = new LineSource(in);
      while (lines.advance()) {
        if (counts(lines.buffer(), lines.start(), lines.end())) {
          count++;
        }
      }
      return count;
    }
  }
}
