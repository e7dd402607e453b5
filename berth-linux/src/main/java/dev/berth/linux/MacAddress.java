package dev.berth.linux;

import java.util.Arrays;
import java.util.HexFormat;

/** A hardware address of six bytes, printed as {@code 02:42:ac:11:00:02}. */
public final class MacAddress {
  static final int BYTES = 6;
  private static final HexFormat FORMAT = HexFormat.ofDelimiter(":");

  private final byte[] bytes;

  private MacAddress(byte[] bytes) {
    this.bytes = bytes;
  }

  /** From six bytes. */
  public static MacAddress of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a MAC address has six bytes");
    }
    return new MacAddress(bytes.clone());
  }

  /**
   * From text with colons or dashes.
   *
   * @throws IllegalArgumentException when it is no such text
   */
  public static MacAddress parse(String text) {
    return of(FORMAT.parseHex(text.replace('-', ':')));
  }

  /** A copy of the six bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MacAddress mac && Arrays.equals(mac.bytes, bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return FORMAT.formatHex(bytes);
  }
}
