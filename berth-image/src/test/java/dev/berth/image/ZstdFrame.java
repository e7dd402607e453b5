package dev.berth.image;

import java.io.ByteArrayOutputStream;

/**
 * Content as a Zstandard frame whose blocks are stored as they are.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8878">RFC 8878</a>
 */
final class ZstdFrame {
  private static final byte[] HEADER = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x00, 0x58};
  private static final int MOST_BLOCK_BYTES = 128 * 1024;

  private ZstdFrame() {}

  static byte[] of(byte[] content) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(HEADER);
    int from = 0;
    do {
      int length = Math.min(MOST_BLOCK_BYTES, content.length - from);
      boolean last = from + length == content.length;
      int header = length << 3 | (last ? 1 : 0);
      frame.write(header);
      frame.write(header >> 8);
      frame.write(header >> 16);
      frame.write(content, from, length);
      from += length;
    } while (from < content.length);
    return frame.toByteArray();
  }
}
