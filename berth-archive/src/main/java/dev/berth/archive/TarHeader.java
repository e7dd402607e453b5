package dev.berth.archive;

import dev.berth.linux.KernelStrings;
import java.nio.charset.StandardCharsets;

/**
 * The fields of one 512-byte header block. Source: POSIX pax interchange format; GNU tar manual,
 * "Basic Tar Format".
 */
final class TarHeader {
  static final int BLOCK = 512;
  private static final int CHECKSUM_OFFSET = 148;
  private static final int CHECKSUM_LENGTH = 8;

  private final byte[] block;

  TarHeader(byte[] block) {
    this.block = block;
  }

  boolean isZero() {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  void verifyChecksum() throws TarFormatException {
    long stored = number(CHECKSUM_OFFSET, CHECKSUM_LENGTH);
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean blank = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + CHECKSUM_LENGTH;
      byte value = blank ? (byte) ' ' : block[i];
      unsigned += value & 0xFF;
      signed += value;
    }
    if (stored != unsigned && stored != signed) {
      throw new TarFormatException("archive/tar: invalid tar header");
    }
  }

  char type() {
    return (char) (block[156] & 0xFF);
  }

  String name() {
    String name = text(0, 100);
    if (isPosix() && block[345] != 0) {
      return text(345, 155) + "/" + name;
    }
    return name;
  }

  String linkName() {
    return text(157, 100);
  }

  int mode() throws TarFormatException {
    return (int) number(100, 8) & 07777;
  }

  int userId() throws TarFormatException {
    return identity(number(108, 8));
  }

  int groupId() throws TarFormatException {
    return identity(number(116, 8));
  }

  long size() throws TarFormatException {
    long size = number(124, 12);
    if (size < 0) {
      throw new TarFormatException("archive/tar: invalid tar header");
    }
    return size;
  }

  long modifiedSeconds() throws TarFormatException {
    return number(136, 12);
  }

  int deviceMajor() throws TarFormatException {
    return hasUstarFields() ? (int) number(329, 8) : 0;
  }

  int deviceMinor() throws TarFormatException {
    return hasUstarFields() ? (int) number(337, 8) : 0;
  }

  long gnuRealSize() throws TarFormatException {
    return number(483, 12);
  }

  boolean gnuSparseContinues() {
    return block[482] != 0;
  }

  /** The offset and length pairs at a place of the block, up to the first empty one. */
  void sparsePairs(int offset, int count, SparseMap into) throws TarFormatException {
    for (int i = 0; i < count; i++) {
      int at = offset + i * 24;
      if (block[at] == 0 && block[at + 12] == 0) {
        return;
      }
      into.add(number(at, 12), number(at + 12, 12));
    }
  }

  byte at(int offset) {
    return block[offset];
  }

  static int identity(long number) throws TarFormatException {
    if (number < 0 || number > 0xFFFF_FFFEL) {
      throw new TarFormatException("archive/tar: invalid tar header");
    }
    return (int) number;
  }

  private boolean hasUstarFields() {
    return block[257] == 'u'
        && block[258] == 's'
        && block[259] == 't'
        && block[260] == 'a'
        && block[261] == 'r';
  }

  private boolean isPosix() {
    return hasUstarFields() && block[262] == 0;
  }

  private String text(int offset, int length) {
    int end = 0;
    boolean ascii = true;
    while (end < length && block[offset + end] != 0) {
      ascii &= block[offset + end] > 0;
      end++;
    }
    return ascii
        ? new String(block, offset, end, StandardCharsets.ISO_8859_1)
        : KernelStrings.decode(block, offset, end);
  }

  /** An octal number, or a binary one when its first bit is set. */
  private long number(int offset, int length) throws TarFormatException {
    if ((block[offset] & 0x80) != 0) {
      return binary(offset, length);
    }
    int at = offset;
    int end = offset + length;
    while (at < end && (block[at] == ' ' || block[at] == 0)) {
      at++;
    }
    long value = 0;
    while (at < end && block[at] != ' ' && block[at] != 0) {
      int digit = block[at] - '0';
      if (digit < 0 || digit > 7) {
        throw new TarFormatException("archive/tar: invalid tar header");
      }
      value = value << 3 | digit;
      at++;
    }
    return value;
  }

  private long binary(int offset, int length) throws TarFormatException {
    boolean negative = (block[offset] & 0x40) != 0;
    long value = negative ? -1 : 0;
    for (int i = 0; i < length; i++) {
      int b = block[offset + i] & 0xFF;
      if (i == 0) {
        b = negative ? b | 0x80 : b & 0x7F;
      }
      long top = value >> 55;
      if (top != 0 && top != -1) {
        throw new TarFormatException("archive/tar: invalid tar header");
      }
      value = value << 8 | b;
    }
    return value;
  }
}
