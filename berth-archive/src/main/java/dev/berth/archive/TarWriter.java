package dev.berth.archive;

import dev.berth.linux.KernelStrings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a tar archive as a stream: ustar, with a pax header for what does not fit it. The same
 * members give the same bytes. Not safe for use by several threads.
 */
public final class TarWriter implements AutoCloseable {
  private static final int BLOCK = TarHeader.BLOCK;
  private static final long LARGEST_OCTAL = 077777777777L;
  private static final int LARGEST_SHORT_OCTAL = 07777777;
  private static final int LONGEST_NAME = 100;

  private final OutputStream out;
  private final boolean exactTimes;
  private long remaining;
  private int padding;

  /**
   * @param out takes the archive; closing this writer leaves it open
   */
  public TarWriter(OutputStream out) {
    this(out, false);
  }

  private TarWriter(OutputStream out, boolean exactTimes) {
    this.out = out;
    this.exactTimes = exactTimes;
  }

  /**
   * A writer that keeps fractions of seconds, each in a pax header of its member.
   *
   * @param out takes the archive; closing this writer leaves it open
   */
  public static TarWriter withExactTimes(OutputStream out) {
    return new TarWriter(out, true);
  }

  /** Starts a member; exactly its size in bytes must be written to it before the next. */
  public void begin(TarEntry entry) throws IOException {
    finishMember();
    Map<String, byte[]> pax = paxRecords(entry);
    if (!pax.isEmpty()) {
      byte[] records = encode(pax);
      header(entry, "PaxHeaders.0/entry", 'x', records.length);
      out.write(records);
      pad(-records.length & (BLOCK - 1));
    }
    boolean hasContent = entry.kind() == TarEntry.Kind.FILE;
    long size = hasContent ? entry.sizeBytes() : 0;
    header(entry, entry.name(), type(entry.kind()), size);
    remaining = size;
    padding = (int) (-size & (BLOCK - 1));
  }

  /** Writes content of the member begun. */
  public void write(byte[] content, int offset, int length) throws IOException {
    if (length > remaining) {
      throw new IOException("archive/tar: write too long");
    }
    out.write(content, offset, length);
    remaining -= length;
  }

  /** A whole small file, owned by root. */
  public void file(String name, byte[] content, Instant modified) throws IOException {
    begin(simple(TarEntry.Kind.FILE, name, 0644, content.length, modified));
    write(content, 0, content.length);
  }

  /** A directory, owned by root. */
  public void directory(String name, Instant modified) throws IOException {
    begin(simple(TarEntry.Kind.DIRECTORY, name, 0755, 0, modified));
  }

  /** The header of a plain member without links or attributes. */
  public static TarEntry simple(
      TarEntry.Kind kind, String name, int mode, long size, Instant modified) {
    return new TarEntry(
        kind, name, "", mode, 0, 0, size, modified, 0, 0, Map.of(), SparseMap.whole(size));
  }

  /** Ends the archive; the stream below stays open. */
  @Override
  public void close() throws IOException {
    finishMember();
    pad(2 * BLOCK);
  }

  private void finishMember() throws IOException {
    if (remaining != 0) {
      throw new IOException("archive/tar: missed writing " + remaining + " bytes");
    }
    pad(padding);
    padding = 0;
  }

  private void pad(int count) throws IOException {
    if (count > 0) {
      out.write(new byte[count]);
    }
  }

  private Map<String, byte[]> paxRecords(TarEntry entry) {
    Map<String, byte[]> pax = new TreeMap<>();
    byte[] name = KernelStrings.encode(entry.name());
    if (name.length > LONGEST_NAME || !isAscii(name)) {
      pax.put("path", name);
    }
    byte[] link = KernelStrings.encode(entry.linkName());
    if (link.length > LONGEST_NAME || !isAscii(link)) {
      pax.put("linkpath", link);
    }
    if (entry.sizeBytes() > LARGEST_OCTAL) {
      pax.put("size", ascii(Long.toString(entry.sizeBytes())));
    }
    long user = Integer.toUnsignedLong(entry.userId());
    if (user > LARGEST_SHORT_OCTAL) {
      pax.put("uid", ascii(Long.toString(user)));
    }
    long group = Integer.toUnsignedLong(entry.groupId());
    if (group > LARGEST_SHORT_OCTAL) {
      pax.put("gid", ascii(Long.toString(group)));
    }
    Instant modified = entry.modified();
    long seconds = modified.getEpochSecond();
    if (exactTimes && modified.getNano() > 0) {
      pax.put("mtime", ascii(decimal(modified)));
    } else if (seconds < 0 || seconds > LARGEST_OCTAL) {
      pax.put("mtime", ascii(Long.toString(seconds)));
    }
    entry.xattrs().forEach((key, value) -> pax.put("SCHILY.xattr." + key, value));
    return pax;
  }

  private static String decimal(Instant time) {
    return BigDecimal.valueOf(time.getEpochSecond())
        .add(BigDecimal.valueOf(time.getNano(), 9))
        .toPlainString();
  }

  private static byte[] encode(Map<String, byte[]> pax) throws IOException {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (Map.Entry<String, byte[]> entry : pax.entrySet()) {
      byte[] key = entry.getKey().getBytes(StandardCharsets.UTF_8);
      int body = 1 + key.length + 1 + entry.getValue().length + 1;
      int length = body + Integer.toString(body).length();
      if (Integer.toString(length).length() > Integer.toString(body).length()) {
        length = body + Integer.toString(length).length();
      }
      records.write(ascii(length + " "));
      records.write(key);
      records.write('=');
      records.write(entry.getValue());
      records.write('\n');
    }
    return records.toByteArray();
  }

  private void header(TarEntry entry, String name, char type, long size) throws IOException {
    byte[] block = new byte[BLOCK];
    boolean extension = type == 'x';
    text(block, 0, LONGEST_NAME, name);
    octal(block, 100, 8, extension ? 0644 : entry.mode());
    octal(block, 108, 8, Integer.toUnsignedLong(extension ? 0 : entry.userId()));
    octal(block, 116, 8, Integer.toUnsignedLong(extension ? 0 : entry.groupId()));
    octal(block, 124, 12, size);
    octal(block, 136, 12, extension ? 0 : Math.max(0, entry.modified().getEpochSecond()));
    block[156] = (byte) type;
    if (!extension) {
      text(block, 157, LONGEST_NAME, entry.linkName());
    }
    System.arraycopy(ascii("ustar\0" + "00"), 0, block, 257, 8);
    octal(block, 329, 8, extension ? 0 : entry.deviceMajor());
    octal(block, 337, 8, extension ? 0 : entry.deviceMinor());
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xFF;
    }
    octal(block, 148, 7, sum);
    block[154] = 0;
    block[155] = ' ';
    out.write(block);
  }

  private static void text(byte[] block, int offset, int length, String text) {
    byte[] bytes = KernelStrings.encode(text);
    System.arraycopy(bytes, 0, block, offset, Math.min(bytes.length, length));
  }

  /**
   * What is too large for the field stands in the pax header; the field then holds its low bits.
   */
  private static void octal(byte[] block, int offset, int length, long value) {
    long rest = value;
    for (int i = offset + length - 2; i >= offset; i--) {
      block[i] = (byte) ('0' + (rest & 7));
      rest >>>= 3;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static char type(TarEntry.Kind kind) {
    return switch (kind) {
      case FILE -> '0';
      case HARD_LINK -> '1';
      case SYMBOLIC_LINK -> '2';
      case CHARACTER_DEVICE -> '3';
      case BLOCK_DEVICE -> '4';
      case DIRECTORY -> '5';
      case FIFO -> '6';
    };
  }
}
