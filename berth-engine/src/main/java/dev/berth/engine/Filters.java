package dev.berth.engine;

import dev.berth.core.EngineException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Docker's list filters: several values of one key are alternatives (for labels: all must match),
 * several keys must all match.
 *
 * @param values the values by key
 */
public record Filters(Map<String, List<String>> values) {
  /** Matches everything. */
  public static final Filters NONE = new Filters(Map.of());

  /** Copies the map. */
  public Filters {
    values = Map.copyOf(values);
  }

  /** The values of a key; empty when there are none. */
  public List<String> of(String key) {
    return values.getOrDefault(key, List.of());
  }

  /** Whether the key is used. */
  public boolean has(String key) {
    return !of(key).isEmpty();
  }

  /**
   * Refuses keys that the list does not know.
   *
   * @throws EngineException INVALID with Docker's words
   */
  public Filters requireOnly(Set<String> known) {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw EngineException.invalid("invalid filter '" + key + "'");
      }
    }
    return this;
  }

  /**
   * A boolean key.
   *
   * @return empty where the key is not used
   * @throws EngineException INVALID with Docker's words when it is neither, or both
   */
  public Optional<Boolean> choice(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    boolean yes = of(key).contains("1") || of(key).contains("true");
    boolean no = of(key).contains("0") || of(key).contains("false");
    if (yes == no) {
      String given = String.join(" ", of(key));
      throw EngineException.invalid("invalid filter '" + key + "=[" + given + "]'");
    }
    return Optional.of(yes);
  }

  /** Whether these labels have all that are wanted, and none of the unwanted. */
  public boolean labels(Map<String, String> labels) {
    return of("label").stream().allMatch(wanted -> holds(labels, wanted))
        && of("label!").stream().noneMatch(unwanted -> holds(labels, unwanted));
  }

  private static boolean holds(Map<String, String> labels, String wanted) {
    int equals = wanted.indexOf('=');
    return equals < 0
        ? labels.containsKey(wanted)
        : wanted.substring(equals + 1).equals(labels.get(wanted.substring(0, equals)));
  }
}
