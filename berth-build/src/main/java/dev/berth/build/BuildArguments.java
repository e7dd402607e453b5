package dev.berth.build;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a build: what the client gave, and what ARG instructions let in. Source:
 * Dockerfile reference, "ARG".
 */
final class BuildArguments {
  private static final Set<String> PREDEFINED = new HashSet<>();

  static {
    for (String name : List.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")) {
      PREDEFINED.add(name);
      PREDEFINED.add(name.toLowerCase(Locale.ROOT));
    }
  }

  private final Map<String, @Nullable String> given;
  private final Map<String, @Nullable String> global;
  private final Set<String> mentioned;
  private final Map<String, @Nullable String> allowed = new HashMap<>();

  private BuildArguments(
      Map<String, @Nullable String> given,
      Map<String, @Nullable String> global,
      Set<String> mentioned) {
    this.given = given;
    this.global = global;
    this.mentioned = mentioned;
  }

  /**
   * @param given by the client; a null value counts as not given
   */
  static BuildArguments of(Map<String, @Nullable String> given) {
    return new BuildArguments(given, new HashMap<>(), new HashSet<>());
  }

  /** Those of a stage: what earlier stages let in does not hold there. */
  BuildArguments ofStage() {
    return new BuildArguments(given, global, mentioned);
  }

  /** Lets in one that stands before the first FROM. */
  void addGlobal(String name, @Nullable String value) {
    global.put(name, value);
    mentioned.add(name);
  }

  /** Lets one in. */
  void add(String name, @Nullable String value) {
    allowed.put(name, value);
    mentioned.add(name);
  }

  /** The values that FROM lines know. */
  Map<String, String> globalValues() {
    return values(global);
  }

  /** The values that hold now, without those that the environment has. */
  Map<String, String> valuesBeside(Collection<String> environment) {
    Map<String, String> values = values(allowed);
    environment.forEach(variable -> values.remove(variable.split("=", 2)[0]));
    return values;
  }

  /**
   * Whether a value is told in the image's history: those that every build may be given are not,
   * unless the Dockerfile names them.
   */
  boolean isTold(String name) {
    return allowed.containsKey(name) || !PREDEFINED.contains(name);
  }

  /** What the client gave and nothing asked for, sorted. */
  List<String> unused() {
    return given.keySet().stream()
        .filter(name -> !PREDEFINED.contains(name) && !mentioned.contains(name))
        .sorted()
        .toList();
  }

  private Map<String, String> values(Map<String, @Nullable String> names) {
    Map<String, String> values = new TreeMap<>();
    Set<String> all = new TreeSet<>(names.keySet());
    all.addAll(PREDEFINED);
    for (String name : all) {
      String value = value(name, names);
      if (value != null) {
        values.put(name, value);
      }
    }
    return values;
  }

  private @Nullable String value(String name, Map<String, @Nullable String> names) {
    String wanted = given.get(name);
    if (wanted != null) {
      return wanted;
    }
    String standard = names.get(name);
    return standard != null || !names.containsKey(name) ? standard : global.get(name);
  }
}
