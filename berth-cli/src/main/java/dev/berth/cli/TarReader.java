package dev.berth.cli;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar stream entry by entry: POSIX.1-2001 and GNU's long names and numbers.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/tar.5.html">tar(5)</a>
 */
final class TarReader {
  private static final int LARGEST_EXTENSION = 1024 * 1024;

  private final InputStream in;
  private long left;
  private long padding;

  TarReader(InputStream in) {
    this.in = in;
  }

  /**
   * One entry; its content is read from the reader before the next is asked for.
   *
   * @param type as in the header: 0 file, 1 hard link, 2 symbolic link, 5 folder
   */
  record Entry(String name, char type, int mode, TarWriter.Owner owner, long size, String link) {}

  /** The next entry, or null at the end. */
  @Nullable Entry next() throws IOException {
    Map<String, String> extended = new HashMap<>();
    while (true) {
      in.skipNBytes(left + padding);
      left = 0;
      padding = 0;
      byte[] block = in.readNBytes(TarWriter.BLOCK);
      if (block.length == 0 || isZero(block)) {
        return null;
      }
      if (block.length < TarWriter.BLOCK) {
        throw new EOFException("the archive ends in the middle of a header");
      }
      char type = (char) (block[156] & 0xff);
      long size = number(block, 124, 12);
      switch (type) {
        case 'x' -> extended.putAll(records(content(size)));
        case 'g' -> content(size);
        case 'L' -> extended.put("path", terminated(content(size)));
        case 'K' -> extended.put("linkpath", terminated(content(size)));
        default -> {
          return entry(block, type, size, extended);
        }
      }
    }
  }

  private Entry entry(byte[] block, char type, long size, Map<String, String> extended) {
    String prefix = text(block, 257, 6).startsWith("ustar") ? text(block, 345, 155) : "";
    String name = (prefix.isEmpty() ? "" : prefix + "/") + text(block, 0, 100);
    long whole = Long.parseLong(extended.getOrDefault("size", Long.toString(size)));
    boolean hasContent = type == '0' || type == 0 || type == '7';
    left = hasContent ? whole : 0;
    padding = padded(left);
    long user = Long.parseLong(extended.getOrDefault("uid", "" + number(block, 108, 8)));
    long group = Long.parseLong(extended.getOrDefault("gid", "" + number(block, 116, 8)));
    return new Entry(
        extended.getOrDefault("path", name),
        type == 0 || type == '7' ? '0' : type,
        (int) number(block, 100, 8),
        new TarWriter.Owner(user, group),
        left,
        extended.getOrDefault("linkpath", text(block, 157, 100)));
  }

  /** The content of the present entry. */
  InputStream content() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (left == 0) {
          return -1;
        }
        int count = in.read(bytes, offset, (int) Math.min(length, left));
        if (count < 0) {
          throw new EOFException("the archive ends in the middle of a file");
        }
        left -= count;
        return count;
      }
    };
  }

  private byte[] content(long size) throws IOException {
    if (size > LARGEST_EXTENSION) {
      throw new IOException("an extended header of the archive is too long");
    }
    byte[] bytes = in.readNBytes((int) size);
    in.skipNBytes(padded(size));
    return bytes;
  }

  private static long padded(long size) {
    return (TarWriter.BLOCK - size % TarWriter.BLOCK) % TarWriter.BLOCK;
  }

  private static boolean isZero(byte[] block) {
    return Arrays.equals(block, new byte[block.length]);
  }

  private static Map<String, String> records(byte[] bytes) throws IOException {
    Map<String, String> records = new HashMap<>();
    int at = 0;
    while (at < bytes.length) {
      int space = at;
      while (space < bytes.length && bytes[space] != ' ') {
        space++;
      }
      String digits = new String(bytes, at, space - at, StandardCharsets.US_ASCII);
      int length = digits.matches("[0-9]{1,7}") ? Integer.parseInt(digits) : 0;
      if (length <= space - at + 1 || at + length > bytes.length) {
        throw new IOException("an extended header of the archive is damaged");
      }
      String record =
          new String(bytes, space + 1, length - (space - at) - 2, StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      if (equals > 0) {
        records.put(record.substring(0, equals), record.substring(equals + 1));
      }
      at += length;
    }
    return records;
  }

  private static String terminated(byte[] bytes) {
    return text(bytes, 0, bytes.length);
  }

  private static String text(byte[] block, int at, int length) {
    int end = at;
    while (end < at + length && block[end] != 0) {
      end++;
    }
    return new String(block, at, end - at, StandardCharsets.UTF_8);
  }

  /** Octal digits, or a number in base 256 where the first bit is set. */
  private static long number(byte[] block, int at, int length) {
    if ((block[at] & 0x80) != 0) {
      byte[] bytes = Arrays.copyOfRange(block, at, at + length);
      bytes[0] &= 0x7f;
      return new BigInteger(bytes).longValue();
    }
    String digits = text(block, at, length).strip();
    return digits.matches("[0-7]{1,21}") ? Long.parseLong(digits, 8) : 0;
  }
}
