package dev.berth.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Points in time as users write them: {@code 10m} ago, RFC 3339, a local date or time, Unix
 * seconds.
 */
final class Moments {
  private static final DateTimeFormatter GO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter GO_ZONE =
      DateTimeFormatter.ofPattern(" xx zzz", Locale.ROOT);

  private Moments() {}

  /** As Go prints a time in the machine's zone: {@code 2026-01-31 12:00:00 +0100 CET}. */
  static String local(Instant moment) {
    return goForm(moment.atZone(ZoneId.systemDefault()));
  }

  /** As Go prints a time that the API gave in RFC 3339. */
  static String goTime(String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      ZoneId zone = ZoneId.systemDefault();
      boolean utc = time.getOffset().equals(ZoneOffset.UTC);
      return goForm(utc ? time.atZoneSameInstant(ZoneId.of("UTC")) : time.atZoneSameInstant(zone));
    } catch (DateTimeParseException unreadable) {
      return text;
    }
  }

  private static String goForm(ZonedDateTime time) {
    String fraction =
        time.getNano() == 0
            ? ""
            : String.format(Locale.ROOT, ".%09d", time.getNano()).replaceAll("0+$", "");
    return GO.format(time) + fraction + GO_ZONE.format(time);
  }

  /** {@code 2026-01-31T12:00:00+01:00} in the machine's zone. */
  static String rfc3339(Instant moment) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
        moment.atZone(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS));
  }

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
        return OffsetDateTime.parse(text).toInstant();
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
