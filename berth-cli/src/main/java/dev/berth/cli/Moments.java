package dev.berth.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Points in time as users write them: {@code 10m} ago, RFC 3339, a local date or time, Unix
 * seconds.
 */
final class Moments {
  private Moments() {}

  /** As the API wants it, in seconds with nine decimals. */
  static @Nullable String parameter(@Nullable String text) {
    if (text == null || text.matches("[0-9]+(\\.[0-9]+)?")) {
      return text;
    }
    Instant moment = parse(text);
    return String.format("%d.%09d", moment.getEpochSecond(), moment.getNano());
  }

  private static Instant parse(String text) {
    if (text.matches("([0-9.]+(h|ms|m|s|us|ns))+")) {
      return Instant.now().minusNanos(Units.nanoseconds(text));
    }
    try {
      if (text.matches(".*(Z|[+-][0-9]{2}:[0-9]{2})$") && text.contains("T")) {
        return java.time.OffsetDateTime.parse(text).toInstant();
      }
      return text.contains("T")
          ? LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant()
          : LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
    } catch (DateTimeParseException unreadable) {
      throw new CliException(
          1,
          "invalid value for a time: failed to parse value as time or duration: \"" + text + "\"");
    }
  }
}
