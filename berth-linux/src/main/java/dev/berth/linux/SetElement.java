package dev.berth.linux;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An element of an nftables set or map, in the kernel's form: every field of a concatenation is in
 * network order and padded to four bytes.
 */
public final class SetElement {
  private final byte[] key;
  private final byte @Nullable [] keyEnd;
  private final byte @Nullable [] data;
  private final @Nullable String verdictChain;

  private SetElement(
      byte[] key, byte @Nullable [] keyEnd, byte @Nullable [] data, @Nullable String verdictChain) {
    this.key = key;
    this.keyEnd = keyEnd;
    this.data = data;
    this.verdictChain = verdictChain;
  }

  /** An element of a set. */
  public static SetElement of(Fields key) {
    return new SetElement(key.toBytes(), null, null, null);
  }

  /** An element of a map. */
  public static SetElement of(Fields key, Fields data) {
    return new SetElement(key.toBytes(), null, data.toBytes(), null);
  }

  /** An element of a verdict map that jumps to a chain. */
  public static SetElement jump(Fields key, String chain) {
    return new SetElement(key.toBytes(), null, null, chain);
  }

  /** The same for all keys up to and including an end, in a set of concatenated ranges. */
  public SetElement upTo(Fields end) {
    return new SetElement(key, end.toBytes(), data, verdictChain);
  }

  byte[] key() {
    return key.clone();
  }

  byte @Nullable [] keyEnd() {
    return keyEnd == null ? null : keyEnd.clone();
  }

  byte @Nullable [] data() {
    return data == null ? null : data.clone();
  }

  @Nullable String verdictChain() {
    return verdictChain;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SetElement element
        && Arrays.equals(element.key, key)
        && Arrays.equals(element.keyEnd, keyEnd)
        && Arrays.equals(element.data, data)
        && Objects.equals(element.verdictChain, verdictChain);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(key);
  }

  /** A key or value made of fields. */
  public static final class Fields {
    private static final int ALIGNMENT = 4;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Fields() {}

    /** Nothing yet. */
    public static Fields begin() {
      return new Fields();
    }

    /** A transport protocol: 6, 17, 132. */
    public Fields protocol(int number) {
      out.write(number);
      return pad();
    }

    /** A port. */
    public Fields port(int port) {
      out.write(port >> 8);
      out.write(port);
      return pad();
    }

    /** An address of either family. */
    public Fields address(InetAddress address) {
      out.writeBytes(address.getAddress());
      return pad();
    }

    /** An interface name, which the kernel compares as sixteen bytes. */
    public Fields interfaceName(String name) {
      out.writeBytes(Arrays.copyOf(KernelStrings.encode(name), 16));
      return pad();
    }

    /** A mark or any other number of four bytes, in network order. */
    public Fields int32(int value) {
      for (int shift = 24; shift >= 0; shift -= 8) {
        out.write(value >> shift);
      }
      return this;
    }

    private Fields pad() {
      while (out.size() % ALIGNMENT != 0) {
        out.write(0);
      }
      return this;
    }

    byte[] toBytes() {
      return out.toByteArray();
    }
  }
}
