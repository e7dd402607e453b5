package dev.berth.linux;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes one netlink message: header, the family's fixed part, attributes. Lengths are filled in
 * when a nest or the message ends.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/netlink.7.html">netlink(7)</a>
 */
final class NetlinkWriter {
  static final int HEADER_BYTES = 16;
  static final int ATTRIBUTE_HEADER_BYTES = 4;
  static final int NESTED = 0x8000;

  private ByteBuffer out = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

  NetlinkWriter(int type, int flags) {
    out.putInt(0).putShort((short) type).putShort((short) flags).putInt(0).putInt(0);
  }

  NetlinkWriter int8(int value) {
    room(1).put((byte) value);
    return this;
  }

  NetlinkWriter int16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  NetlinkWriter int32(int value) {
    room(4).putInt(value);
    return this;
  }

  NetlinkWriter int32BigEndian(int value) {
    return int32(Integer.reverseBytes(value));
  }

  NetlinkWriter attribute(int type, byte[] value) {
    int padded = (value.length + 3) & ~3;
    room(ATTRIBUTE_HEADER_BYTES + padded)
        .putShort((short) (ATTRIBUTE_HEADER_BYTES + value.length))
        .putShort((short) type)
        .put(value)
        .put(new byte[padded - value.length]);
    return this;
  }

  NetlinkWriter attribute(int type, InetAddress address) {
    return attribute(type, address.getAddress());
  }

  NetlinkWriter attributeText(int type, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return attribute(type, Arrays.copyOf(bytes, bytes.length + 1));
  }

  NetlinkWriter attribute8(int type, int value) {
    return attribute(type, new byte[] {(byte) value});
  }

  NetlinkWriter attribute8(int type, boolean value) {
    return attribute8(type, value ? 1 : 0);
  }

  NetlinkWriter attribute16(int type, int value) {
    return attribute(
        type,
        ByteBuffer.allocate(2).order(ByteOrder.nativeOrder()).putShort((short) value).array());
  }

  NetlinkWriter attribute16BigEndian(int type, int value) {
    return attribute(type, ByteBuffer.allocate(2).putShort((short) value).array());
  }

  NetlinkWriter attribute32(int type, int value) {
    return attribute(
        type, ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array());
  }

  NetlinkWriter attribute32BigEndian(int type, int value) {
    return attribute(type, ByteBuffer.allocate(4).putInt(value).array());
  }

  NetlinkWriter attribute64BigEndian(int type, long value) {
    return attribute(type, ByteBuffer.allocate(8).putLong(value).array());
  }

  /** Begins a nest; the result is for {@link #end}. */
  int nest(int type) {
    int start = out.position();
    room(ATTRIBUTE_HEADER_BYTES).putShort((short) 0).putShort((short) type);
    return start;
  }

  NetlinkWriter end(int nest) {
    out.putShort(nest, (short) (out.position() - nest));
    return this;
  }

  byte[] toBytes() {
    out.putInt(0, out.position());
    return Arrays.copyOf(out.array(), out.position());
  }

  private ByteBuffer room(int bytes) {
    if (out.remaining() < bytes) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(out.capacity() * 2, out.position() + bytes))
              .order(ByteOrder.nativeOrder());
      out = larger.put(out.flip());
    }
    return out;
  }
}
