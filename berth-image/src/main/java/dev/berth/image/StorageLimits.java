package dev.berth.image;

import dev.berth.core.EngineException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much containers may write.
 *
 * @param sizeBytes into their own layer each, unless they say otherwise; 0 for no limit
 * @param leastBytes the smallest limit that a container may ask for; 0 for any
 */
public record StorageLimits(long sizeBytes, long leastBytes) {
  /** None. */
  public static final StorageLimits NONE = new StorageLimits(0, 0);

  private static final Pattern SIZE =
      Pattern.compile("(\\d+(?:\\.\\d+)?) ?([kmgtp])?(?:i?b)?", Pattern.CASE_INSENSITIVE);
  private static final String UNITS = "kmgtp";

  /**
   * Reads the options of a driver.
   *
   * @throws EngineException of kind INVALID for one it does not have, in Docker's words
   */
  static StorageLimits of(String driver, Map<String, String> options) {
    long size = 0;
    long least = 0;
    for (Map.Entry<String, String> option : options.entrySet()) {
      String name = option.getKey();
      if (name.equals("overlay2.override_kernel_check") && driver.equals("overlay2")) {
        continue;
      }
      if (name.equals("btrfs.min_space") && driver.equals("btrfs")) {
        least = bytes(option.getValue());
      } else if (name.equals(driver + ".size") && !driver.equals("btrfs")) {
        size = bytes(option.getValue());
      } else if (name.startsWith(driver + ".")) {
        throw EngineException.invalid(driver + ": unknown option " + name);
      } else {
        throw EngineException.invalid(
            "storage option " + name + " is not one of the storage driver " + driver);
      }
    }
    return new StorageLimits(size, least);
  }

  /**
   * Reads what a container asks for with {@code --storage-opt}.
   *
   * @return the size in bytes, 0 where nothing is asked for
   * @throws EngineException of kind INVALID for anything but {@code size}
   */
  public static long requested(Map<String, String> options) {
    long size = 0;
    for (Map.Entry<String, String> option : options.entrySet()) {
      if (!option.getKey().toLowerCase(Locale.ROOT).equals("size")) {
        throw EngineException.invalid("Unknown option " + option.getKey());
      }
      size = bytes(option.getValue());
    }
    return size;
  }

  /** A size with a binary unit. */
  private static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw EngineException.invalid("invalid size: '" + text + "'");
    }
    String unit = matcher.group(2);
    double factor =
        unit == null ? 1 : Math.pow(1024, UNITS.indexOf(unit.toLowerCase(Locale.ROOT)) + 1);
    return (long) (Double.parseDouble(matcher.group(1)) * factor);
  }

  /** What holds for a container that asks for a size, or for none with 0. */
  public long effective(long requestedBytes) {
    if (requestedBytes > 0 && requestedBytes < leastBytes) {
      throw EngineException.invalid("btrfs: storage size cannot be less than " + human(leastBytes));
    }
    return requestedBytes > 0 ? requestedBytes : sizeBytes;
  }

  private static String human(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < UNITS.length()) {
      value /= 1000;
      unit++;
    }
    String number = "%.4g".formatted(value).replaceFirst("\\.?0+$", "");
    return number + (unit == 0 ? "B" : "kMGTP".charAt(unit - 1) + "B");
  }
}
