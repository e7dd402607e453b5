package dev.berth.volume;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One container's use of a volume at one place.
 *
 * @param container the container's id
 * @param destination where in the container
 * @param writable whether it may write
 * @param propagation the mount propagation, empty for the default
 */
public record VolumeUse(
    String container, String destination, boolean writable, String propagation) {

  /**
   * The id under which drivers count this use: 64 hexadecimal digits, the same before and after a
   * restart of the engine.
   */
  String id() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((container + " " + destination).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
