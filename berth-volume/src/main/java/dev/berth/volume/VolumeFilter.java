package dev.berth.volume;

import dev.berth.core.EngineException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The filters of {@code volume ls} and {@code volume prune}, checked as Docker checks them. */
public final class VolumeFilter {
  private static final Set<String> FOR_LIST = Set.of("dangling", "name", "driver", "label");
  private static final Set<String> FOR_PRUNE = Set.of("label", "label!", "all");
  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

  private final Map<String, Set<String>> values;
  private final List<Pattern> namePatterns;
  private final @Nullable Boolean dangling;

  private VolumeFilter(
      Map<String, Set<String>> values, List<Pattern> namePatterns, @Nullable Boolean dangling) {
    this.values = values;
    this.namePatterns = namePatterns;
    this.dangling = dangling;
  }

  /** Lets everything pass. */
  public static VolumeFilter none() {
    return new VolumeFilter(Map.of(), List.of(), null);
  }

  /**
   * Filters of a list.
   *
   * @param filters dangling, name, driver, label
   * @throws EngineException INVALID for another filter, or for a value that is none
   */
  public static VolumeFilter forList(Map<String, ? extends Collection<String>> filters) {
    Map<String, Set<String>> values = accept(filters, FOR_LIST);
    return new VolumeFilter(
        values, patterns(values.getOrDefault("name", Set.of())), dangling(values.get("dangling")));
  }

  /**
   * Filters of a prune. Without {@code all} only anonymous volumes pass.
   *
   * @param filters label, label!, all
   * @throws EngineException INVALID for another filter, or for a value that is none
   */
  public static VolumeFilter forPrune(Map<String, ? extends Collection<String>> filters) {
    Map<String, Set<String>> values = accept(filters, FOR_PRUNE);
    if (!all(values.getOrDefault("all", Set.of()))) {
      values.computeIfAbsent("label", key -> new TreeSet<>()).add(Volumes.ANONYMOUS_LABEL);
    }
    return new VolumeFilter(values, List.of(), null);
  }

  private static Map<String, Set<String>> accept(
      Map<String, ? extends Collection<String>> filters, Set<String> accepted) {
    Map<String, Set<String>> values = new TreeMap<>();
    filters.forEach((key, given) -> {
      if (!accepted.contains(key)) {
        throw EngineException.invalid("invalid filter '" + key + "'");
      }
      values.put(key, new TreeSet<>(given));
    });
    return values;
  }

  private static boolean all(Set<String> given) {
    if (given.size() > 1) {
      throw EngineException.invalid(
          "invalid filter 'all=" + bracketed(given) + "': only one value is expected");
    }
    for (String value : given) {
      if (TRUE.contains(value)) {
        return true;
      }
      if (!FALSE.contains(value)) {
        throw EngineException.invalid(
            "invalid filter 'all': strconv.ParseBool: parsing \"" + value + "\": invalid syntax");
      }
    }
    return false;
  }

  private static @Nullable Boolean dangling(@Nullable Set<String> given) {
    if (given == null) {
      return null;
    }
    boolean yes = given.contains("1") || given.contains("true");
    boolean no = given.contains("0") || given.contains("false");
    if (yes == no) {
      throw EngineException.invalid(
          given.isEmpty()
              ? "invalid filter 'dangling'"
              : "invalid filter 'dangling=" + bracketed(given) + "'");
    }
    return yes;
  }

  private static String bracketed(Set<String> given) {
    return "[" + String.join(" ", given) + "]";
  }

  /** A value that is no regular expression can still be the exact name. */
  private static List<Pattern> patterns(Set<String> given) {
    return given.stream()
        .map(value -> {
          try {
            return Pattern.compile(value);
          } catch (PatternSyntaxException e) {
            return Pattern.compile(Pattern.quote(value));
          }
        })
        .toList();
  }

  /** Whether volumes of a driver can pass at all. */
  boolean wantsDriver(String driver) {
    Set<String> drivers = values.getOrDefault("driver", Set.of());
    return drivers.isEmpty() || drivers.contains(driver);
  }

  /** Whether a volume passes. */
  public boolean matches(Volume volume) {
    return wantsDriver(volume.driver())
        && matchesName(volume.name())
        && matchesLabels(volume.record().labels())
        && (dangling == null || dangling == volume.status().users().isEmpty());
  }

  private boolean matchesName(String name) {
    if (!values.containsKey("name")) {
      return true;
    }
    return values.getOrDefault("name", Set.of()).contains(name)
        || namePatterns.stream().anyMatch(pattern -> pattern.matcher(name).find());
  }

  private boolean matchesLabels(@Nullable Map<String, String> given) {
    Map<String, String> labels = given == null ? Map.of() : given;
    if (!values.getOrDefault("label", Set.of()).stream()
        .allMatch(wanted -> hasLabel(labels, wanted))) {
      return false;
    }
    Set<String> unwanted = values.get("label!");
    return unwanted == null || !unwanted.stream().allMatch(wanted -> hasLabel(labels, wanted));
  }

  private static boolean hasLabel(Map<String, String> labels, String wanted) {
    int equals = wanted.indexOf('=');
    String key = equals < 0 ? wanted : wanted.substring(0, equals);
    String value = labels.get(key);
    return value != null && (equals < 0 || value.equals(wanted.substring(equals + 1)));
  }
}
