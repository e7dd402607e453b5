package dev.berth.core;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Random identifiers as Docker forms them: 32 bytes, written as 64 lower-case hexadecimal digits.
 */
public final class Ids {
  private static final int BYTES = 32;
  private static final int SHORT_LENGTH = 12;

  private final RandomGenerator random;

  /**
   * @param random a {@link java.security.SecureRandom} in the engine, a seeded generator in tests
   */
  public Ids(RandomGenerator random) {
    this.random = random;
  }

  /**
   * A new identifier. One whose first twelve digits are all decimal is passed over, as in Docker,
   * because such a short id used as a host name would read as a number.
   */
  public String next() {
    while (true) {
      byte[] bytes = new byte[BYTES];
      random.nextBytes(bytes);
      String id = HexFormat.of().formatHex(bytes);
      if (!shortId(id).chars().allMatch(Character::isDigit)) {
        return id;
      }
    }
  }

  /** The first twelve digits, which is what the command line prints and DNS answers to. */
  public static String shortId(String id) {
    return id.length() <= SHORT_LENGTH ? id : id.substring(0, SHORT_LENGTH);
  }
}
