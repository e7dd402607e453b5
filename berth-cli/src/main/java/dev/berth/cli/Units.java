package dev.berth.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Sizes and times as Docker's tables write them, and as users write them in options. */
final class Units {
  private static final String[] DECIMAL = {"B", "kB", "MB", "GB", "TB", "PB"};
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Units() {}

  /** Bytes with three significant digits in powers of 1000: {@code 4.43MB}. */
  static String decimal(double bytes) {
    return scaled(bytes, 1000, DECIMAL, "%.3g");
  }

  /** Bytes with four significant digits in powers of 1000: {@code 4.426MB}. */
  static String size(double bytes) {
    return scaled(bytes, 1000, DECIMAL, "%.4g");
  }

  /** Bytes with four significant digits in powers of 1024: {@code 1.941GiB}. */
  static String binary(double bytes) {
    return scaled(bytes, 1024, BINARY, "%.4g");
  }

  private static String scaled(double bytes, int base, String[] units, String format) {
    double value = bytes;
    int unit = 0;
    while (value >= base && unit < units.length - 1) {
      value /= base;
      unit++;
    }
    int digits = format.charAt(2) - '0';
    return significant(value, digits) + units[unit];
  }

  /** Like C's %g: so many significant digits, no trailing zeros, never an exponent here. */
  private static String significant(double value, int digits) {
    int before = value < 10 ? 1 : value < 100 ? 2 : value < 1000 ? 3 : 4;
    String text = String.format(Locale.ROOT, "%." + Math.max(digits - before, 0) + "f", value);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  /** A span in the largest fitting unit: {@code 5 minutes}. */
  static String span(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 1) {
      return "Less than a second";
    }
    if (seconds < 60) {
      return seconds == 1 ? "1 second" : seconds + " seconds";
    }
    long minutes = duration.toMinutes();
    if (minutes < 60) {
      return minutes == 1 ? "About a minute" : minutes + " minutes";
    }
    long hours = Math.round(duration.toMinutes() / 60.0);
    if (hours < 48) {
      return hours == 1 ? "About an hour" : hours + " hours";
    }
    long days = hours / 24;
    if (days < 14) {
      return days + " days";
    }
    if (days < 60) {
      return days / 7 + " weeks";
    }
    return days < 730 ? days / 30 + " months" : days / 365 + " years";
  }

  static String ago(Instant then) {
    return span(Duration.between(then, Instant.now())) + " ago";
  }

  /**
   * Bytes from {@code 512m}, {@code 1g}, {@code 64MB} or a plain number.
   *
   * @throws CliException naming the text
   */
  static long bytes(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    String digits = lower.replaceFirst("[ ]*[kmgtp]?i?b?$", "");
    String unit = lower.substring(digits.length()).strip();
    if (!digits.matches("[0-9]+(\\.[0-9]+)?")) {
      throw new CliException(125, "invalid size: '" + text + "'");
    }
    int power = unit.isEmpty() ? 0 : "bkmgtp".indexOf(unit.charAt(0));
    return (long) (Double.parseDouble(digits) * Math.pow(1024, power));
  }

  /**
   * Nanoseconds from a duration such as {@code 1m30s} or {@code 500ms}.
   *
   * @throws CliException naming the text
   */
  static long nanoseconds(String text) {
    String iso = text.strip();
    if (iso.equals("0")) {
      return 0;
    }
    if (!iso.matches("([0-9]+(\\.[0-9]+)?(h|ms|m|s|us|ns))+")) {
      throw new CliException(
          125, "invalid argument \"" + text + "\": time: invalid duration \"" + text + "\"");
    }
    java.util.regex.Matcher part =
        java.util.regex.Pattern.compile("([0-9.]+)(h|ms|m|s|us|ns)").matcher(iso);
    double total = 0;
    while (part.find()) {
      total += Double.parseDouble(part.group(1)) * nanosecondsIn(part.group(2));
    }
    return (long) total;
  }

  private static double nanosecondsIn(String unit) {
    return switch (unit) {
      case "h" -> 3.6e12;
      case "m" -> 6e10;
      case "s" -> 1e9;
      case "ms" -> 1e6;
      case "us" -> 1e3;
      default -> 1;
    };
  }

  /** An instant of the API's JSON; the beginning of time when it is none. */
  static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException none) {
      return Instant.EPOCH;
    }
  }

  /** Twelve digits of an id, without its algorithm. */
  static String shortId(String id) {
    String digits = id.startsWith("sha256:") ? id.substring(7) : id;
    return digits.length() > 12 ? digits.substring(0, 12) : digits;
  }

  /** At most so many characters, the last an ellipsis where something was cut. */
  static String ellipsis(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }
}
