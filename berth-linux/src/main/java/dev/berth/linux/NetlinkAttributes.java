package dev.berth.linux;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The attributes of a received netlink message, by type. */
final class NetlinkAttributes {
  private static final int TYPE_MASK = 0x3FFF;

  private final Map<Integer, ByteBuffer> values = new HashMap<>();

  private NetlinkAttributes() {}

  /** Reads the attributes from the buffer's position to its limit. */
  static NetlinkAttributes parse(ByteBuffer in) {
    NetlinkAttributes result = new NetlinkAttributes();
    int at = in.position();
    while (at + NetlinkWriter.ATTRIBUTE_HEADER_BYTES <= in.limit()) {
      int length = in.getShort(at) & 0xFFFF;
      if (length < NetlinkWriter.ATTRIBUTE_HEADER_BYTES || at + length > in.limit()) {
        break;
      }
      int start = at + NetlinkWriter.ATTRIBUTE_HEADER_BYTES;
      ByteBuffer value = in.slice(start, length - NetlinkWriter.ATTRIBUTE_HEADER_BYTES);
      result.values.put(in.getShort(at + 2) & TYPE_MASK, value.order(ByteOrder.nativeOrder()));
      at += (length + 3) & ~3;
    }
    return result;
  }

  boolean has(int type) {
    return values.containsKey(type);
  }

  byte[] bytes(int type) {
    ByteBuffer value = values.get(type);
    if (value == null) {
      return new byte[0];
    }
    byte[] bytes = new byte[value.limit()];
    value.get(0, bytes);
    return bytes;
  }

  String text(int type) {
    byte[] bytes = bytes(type);
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  int int8(int type, int otherwise) {
    ByteBuffer value = values.get(type);
    return value == null ? otherwise : value.get(0) & 0xFF;
  }

  int int16(int type, int otherwise) {
    ByteBuffer value = values.get(type);
    return value == null ? otherwise : value.getShort(0) & 0xFFFF;
  }

  int int32(int type, int otherwise) {
    ByteBuffer value = values.get(type);
    return value == null ? otherwise : value.getInt(0);
  }

  OptionalInt int32(int type) {
    ByteBuffer value = values.get(type);
    return value == null ? OptionalInt.empty() : OptionalInt.of(value.getInt(0));
  }

  int int32BigEndian(int type, int otherwise) {
    ByteBuffer value = values.get(type);
    return value == null ? otherwise : Integer.reverseBytes(value.getInt(0));
  }

  Optional<InetAddress> address(int type) {
    byte[] bytes = bytes(type);
    if (bytes.length != 4 && bytes.length != 16) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  Optional<MacAddress> mac(int type) {
    byte[] bytes = bytes(type);
    return bytes.length == MacAddress.BYTES ? Optional.of(MacAddress.of(bytes)) : Optional.empty();
  }

  NetlinkAttributes nested(int type) {
    ByteBuffer value = values.get(type);
    return value == null ? new NetlinkAttributes() : parse(value.duplicate().order(value.order()));
  }

  @Nullable ByteBuffer raw(int type) {
    return values.get(type);
  }
}
