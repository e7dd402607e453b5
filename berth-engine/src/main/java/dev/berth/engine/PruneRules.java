package dev.berth.engine;

import dev.berth.core.EngineException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which containers a prune may remove. */
final class PruneRules {
  private static final Set<String> KNOWN = Set.of("label", "label!", "until");
  private static final Pattern SECONDS = Pattern.compile("(\\d{1,12})(?:\\.(\\d{1,9}))?");
  private static final Pattern DURATION_PART =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(h|ms|m|s)");

  private PruneRules() {}

  static Predicate<LiveContainer> of(Filters filters, Instant now) {
    filters.requireOnly(KNOWN);
    if (filters.of("until").size() > 1) {
      throw EngineException.invalid("more than one until filter specified");
    }
    Instant until = filters.has("until") ? moment(filters.of("until").getFirst(), now) : null;
    return container -> {
      Map<String, String> labels = container.spec().config().identity().labels();
      return (until == null || container.definition().created().isBefore(until))
          && filters.labels(labels == null ? Map.of() : labels);
    };
  }

  /**
   * A moment as Docker's filters write it: seconds since 1970, a date, or how long ago.
   *
   * @throws EngineException INVALID when it is none of these
   */
  static Instant moment(String text, Instant now) {
    Matcher seconds = SECONDS.matcher(text);
    if (seconds.matches()) {
      String fraction = seconds.group(2) == null ? "" : seconds.group(2);
      long nanos = Long.parseLong((fraction + "000000000").substring(0, 9));
      return Instant.ofEpochSecond(Long.parseLong(seconds.group(1)), nanos);
    }
    if (text.indexOf('-') < 0) {
      return now.minus(duration(text));
    }
    try {
      if (text.length() <= 10) {
        return LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
      }
      return text.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
    } catch (DateTimeException invalid) {
      throw unreadable(text);
    }
  }

  private static Duration duration(String text) {
    Matcher part = DURATION_PART.matcher(text);
    double seconds = 0;
    int end = 0;
    while (part.find() && part.start() == end) {
      double number = Double.parseDouble(part.group(1));
      seconds +=
          switch (part.group(2)) {
            case "h" -> number * 3600;
            case "m" -> number * 60;
            case "s" -> number;
            default -> number / 1000;
          };
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw unreadable(text);
    }
    return Duration.ofNanos((long) (seconds * 1_000_000_000L));
  }

  private static EngineException unreadable(String text) {
    return EngineException.invalid("invalid value for filter 'until': \"" + text + "\"");
  }
}
