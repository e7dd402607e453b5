package dev.berth.server;

import dev.berth.core.EngineException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request, read as dockerd reads it: an absent value is empty, and anything but a
 * few words of denial is true.
 */
public final class Query {
  private static final int MAX_PAIRS = 1024;

  private final String text;
  private @Nullable Map<String, List<String>> parsed;

  Query(String text) {
    this.text = text;
  }

  /** The first value of a name; empty when it is absent. */
  public String text(String name) {
    List<String> values = values().get(name);
    return values == null ? "" : values.getFirst();
  }

  /** The first value of a name, or null when it is absent or empty. */
  public @Nullable String textOrNull(String name) {
    String value = text(name);
    return value.isEmpty() ? null : value;
  }

  /** All values of a name, in the order they were sent. */
  public List<String> all(String name) {
    return values().getOrDefault(name, List.of());
  }

  /** Whether the name was sent. */
  public boolean has(String name) {
    return values().containsKey(name);
  }

  /** False for an absent or empty value and for 0, no, false and none; else true. */
  public boolean flag(String name) {
    return switch (text(name).strip().toLowerCase(Locale.ROOT)) {
      case "", "0", "no", "false", "none" -> false;
      default -> true;
    };
  }

  /** As {@link #flag(String)}, with a value for a name that was not sent. */
  public boolean flag(String name, boolean absent) {
    return has(name) ? flag(name) : absent;
  }

  /**
   * A whole number, or null when it is absent or empty.
   *
   * @throws EngineException of kind INVALID when it is something else
   */
  public @Nullable Integer number(String name) {
    String value = text(name);
    return value.isEmpty() ? null : GoValues.parseInt(value);
  }

  private Map<String, List<String>> values() {
    Map<String, List<String>> known = parsed;
    if (known == null) {
      known = parse(text);
      parsed = known;
    }
    return known;
  }

  private static Map<String, List<String>> parse(String text) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (text.isEmpty()) {
      return values;
    }
    String[] pairs = text.split("&", MAX_PAIRS + 1);
    if (pairs.length > MAX_PAIRS) {
      throw EngineException.invalid("too many query parameters");
    }
    for (String pair : pairs) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        values.computeIfAbsent(name, absent -> new ArrayList<>(1)).add(value);
      }
    }
    return values;
  }

  private static String decode(String part) {
    if (part.indexOf('%') < 0 && part.indexOf('+') < 0) {
      return part;
    }
    try {
      return URLDecoder.decode(part, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw EngineException.invalid("invalid URL escape in query: " + part);
    }
  }
}
