package dev.berth.server;

import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times and durations as Docker writes and reads them. */
final class GoTime {
  /** What Docker shows for a time that has not come. */
  static final String ZERO = "0001-01-01T00:00:00Z";

  private static final Pattern UNIX = Pattern.compile("(-?[0-9]{1,18})(?:\\.([0-9]{1,9})[0-9]*)?");
  private static final Pattern DURATION_PART =
      Pattern.compile("([0-9]*\\.?[0-9]+|[0-9]+\\.)(ns|us|µs|μs|ms|s|m|h)");
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern HOUR = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}");
  private static final int MAX_PARTS = 16;

  private GoTime() {}

  /** RFC 3339 in UTC, the fraction without zeros at its end. */
  static String format(@Nullable Instant time) {
    if (time == null) {
      return ZERO;
    }
    String seconds = time.with(ChronoField.NANO_OF_SECOND, 0).toString();
    if (time.get(ChronoField.NANO_OF_SECOND) == 0) {
      return seconds;
    }
    String fraction =
        String.format("%09d", time.get(ChronoField.NANO_OF_SECOND)).replaceFirst("0+$", "");
    return seconds.substring(0, seconds.length() - 1) + "." + fraction + "Z";
  }

  /** RFC 3339 in UTC with all nine digits, so that lines of a log align. */
  static String formatFixed(Instant time) {
    String seconds = time.with(ChronoField.NANO_OF_SECOND, 0).toString();
    return seconds.substring(0, seconds.length() - 1)
        + String.format(".%09dZ", time.get(ChronoField.NANO_OF_SECOND));
  }

  /**
   * Reads seconds since 1970 with a fraction, RFC 3339 (also without its zone or time), or a
   * duration before {@code now}.
   *
   * @return null for an empty text
   * @throws EngineException of kind INVALID for anything else
   */
  static @Nullable Instant parse(String text, Instant now) {
    if (text.isEmpty()) {
      return null;
    }
    Matcher unix = UNIX.matcher(text);
    if (unix.matches()) {
      return unix(unix);
    }
    Duration duration = duration(text);
    if (duration != null) {
      return now.minus(duration);
    }
    try {
      return date(text);
    } catch (DateTimeException malformed) {
      throw EngineException.invalid(
          "failed to parse value as time or duration: " + GoQuote.quote(text));
    }
  }

  private static Instant unix(Matcher unix) {
    try {
      long seconds = Long.parseLong(unix.group(1));
      String fraction = unix.group(2) == null ? "" : unix.group(2);
      return Instant.ofEpochSecond(
          seconds, Long.parseLong((fraction + "000000000").substring(0, 9)));
    } catch (DateTimeException outOfRange) {
      throw EngineException.invalid("time out of range: " + unix.group());
    }
  }

  private static Instant date(String text) {
    ZoneId zone = ZoneOffset.UTC;
    if (DAY.matcher(text).matches()) {
      return LocalDate.parse(text).atStartOfDay(zone).toInstant();
    }
    if (HOUR.matcher(text).matches()) {
      return LocalDateTime.parse(text + ":00").atZone(zone).toInstant();
    }
    boolean zoned = text.endsWith("Z") || text.lastIndexOf('+') > 9 || text.lastIndexOf('-') > 9;
    return zoned
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).atZone(zone).toInstant();
  }

  /** Reads Go's durations, such as {@code 1h30m} or {@code 1.5s}; null when it is none. */
  static @Nullable Duration duration(String text) {
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    Matcher part = DURATION_PART.matcher(rest);
    double nanos = 0;
    int at = 0;
    for (int parts = 0; at < rest.length(); parts++) {
      if (parts >= MAX_PARTS || !part.find(at) || part.start() != at) {
        return null;
      }
      nanos += Double.parseDouble(part.group(1)) * unitNanos(part.group(2));
      at = part.end();
    }
    return rest.isEmpty() ? null : Duration.ofNanos((long) (negative ? -nanos : nanos));
  }

  private static double unitNanos(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs", "μs" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      default -> 3600e9;
    };
  }

  /** How long something took in words, as lists show it. */
  static String inWords(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 1) {
      return "Less than a second";
    }
    if (seconds == 1) {
      return "1 second";
    }
    if (seconds < 60) {
      return seconds + " seconds";
    }
    long minutes = duration.toMinutes();
    if (minutes == 1) {
      return "About a minute";
    }
    if (minutes < 60) {
      return minutes + " minutes";
    }
    long hours = Math.round(seconds / 3600.0);
    if (hours == 1) {
      return "About an hour";
    }
    if (hours < 48) {
      return hours + " hours";
    }
    if (hours < 24 * 7 * 2) {
      return hours / 24 + " days";
    }
    if (hours < 24 * 30 * 2) {
      return hours / 24 / 7 + " weeks";
    }
    return hours < 24 * 365 * 2
        ? hours / 24 / 30 + " months"
        : duration.toHours() / 24 / 365 + " years";
  }
}
