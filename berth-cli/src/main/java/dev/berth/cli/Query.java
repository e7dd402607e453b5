package dev.berth.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters behind a path; those without a value are left out. */
final class Query {
  private final StringBuilder text = new StringBuilder();

  static Query none() {
    return new Query();
  }

  Query with(String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      text.append(text.isEmpty() ? '?' : '&')
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
    return this;
  }

  Query with(String name, boolean value) {
    return value ? with(name, "1") : this;
  }

  Query with(String name, @Nullable Integer value) {
    return value == null ? this : with(name, value.toString());
  }

  /** The filters of {@code --filter key=value} options, as the API's JSON. */
  Query withFilters(List<String> filters) {
    if (filters.isEmpty()) {
      return this;
    }
    Map<String, List<String>> grouped = new LinkedHashMap<>();
    for (String filter : filters) {
      if (filter.isEmpty()) {
        continue;
      }
      int equals = filter.indexOf('=');
      if (equals <= 0) {
        throw UsageException.value(
            filter, "-f, --filter", "bad format of filter (expected name=value)");
      }
      grouped
          .computeIfAbsent(filter.substring(0, equals).strip(), key -> new java.util.ArrayList<>())
          .add(filter.substring(equals + 1).strip());
    }
    return with("filters", Json.MAPPER.valueToTree(grouped).toString());
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /** A path segment, with what must not stand in one escaped. */
  static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A name that may hold slashes and colons, as an image's does. */
  static String path(String name) {
    return segment(name).replace("%2F", "/").replace("%3A", ":").replace("%40", "@");
  }
}
