package dev.berth.network;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** MAC addresses as text. */
public final class MacAddresses {
  private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}");
  private static final int LENGTH = 6;
  private static final int LOCALLY_ADMINISTERED = 0x02;
  private static final int GROUP = 0x01;
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

  private MacAddresses() {}

  /** A random locally administered address of one station. */
  public static String random(RandomGenerator random) {
    byte[] bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    return station(bytes);
  }

  /** The same locally administered address for the same id. */
  public static String derivedFrom(String id) {
    return station(HexFormat.of().parseHex(id, 0, 2 * LENGTH));
  }

  private static String station(byte[] bytes) {
    bytes[0] = (byte) ((bytes[0] | LOCALLY_ADMINISTERED) & ~GROUP);
    return COLONS.formatHex(bytes);
  }

  /** The usual writing of an address, or nothing where the text is none. */
  public static Optional<String> normalize(String text) {
    return FORM.matcher(text).matches()
        ? Optional.of(text.replace('-', ':').toLowerCase(Locale.ROOT))
        : Optional.empty();
  }
}
