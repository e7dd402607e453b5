package dev.berth.daemon;

import dev.berth.core.EngineException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user set, from the command line and the file together, still as text. {@link
 * DaemonConfiguration} gives it meaning.
 */
final class Settings {
  static final String DEFAULT_FILE = "/etc/docker/daemon.json";

  private final Map<Setting, List<String>> values;

  private Settings(Map<Setting, List<String>> values) {
    this.values = values;
  }

  /**
   * Reads the command line and the file that it names.
   *
   * @throws EngineException of kind INVALID, in dockerd's words: an unknown flag or directive, a
   *     value of the wrong form, or a directive in both places
   */
  static Settings read(List<String> arguments) {
    return read(arguments, Path.of(DEFAULT_FILE));
  }

  static Settings read(List<String> arguments, Path defaultFile) {
    Map<Setting, List<String>> flags = CommandLine.parse(arguments);
    List<String> named = flags.getOrDefault(Setting.CONFIG_FILE, List.of());
    Path file = named.isEmpty() ? defaultFile : Path.of(named.getLast());
    Map<Setting, List<String>> directives = new ConfigurationFile(file).read(!named.isEmpty());
    refuseDoubles(flags, directives, file);
    Map<Setting, List<String>> merged = new EnumMap<>(Setting.class);
    merged.putAll(directives);
    merged.putAll(flags);
    refuseUnsupported(merged);
    return new Settings(merged);
  }

  private static void refuseDoubles(
      Map<Setting, List<String>> flags, Map<Setting, List<String>> directives, Path file) {
    List<String> doubles = new ArrayList<>();
    directives.forEach((setting, fromFile) -> {
      List<String> fromFlag = flags.get(setting);
      if (fromFlag != null) {
        doubles.add(
            setting.key()
                + ": (from flag: "
                + shown(setting, fromFlag)
                + ", from file: "
                + shown(setting, fromFile)
                + ")");
      }
    });
    if (!doubles.isEmpty()) {
      throw EngineException.invalid(
          "unable to configure the Docker daemon with file "
              + file
              + ": the following directives are specified both as a flag and in the configuration"
              + " file: "
              + String.join(", ", doubles));
    }
  }

  private static String shown(Setting setting, List<String> values) {
    return switch (setting.form()) {
      case LIST, MAP -> "[" + String.join(" ", values) + "]";
      case FLAG, TEXT, NUMBER -> values.getLast();
    };
  }

  private static void refuseUnsupported(Map<Setting, List<String>> values) {
    values.forEach((setting, given) -> {
      boolean switchedOff =
          setting.form() == Setting.Form.FLAG && !SettingForms.isTrue(given.getLast());
      if (setting.refusal().isPresent() && !switchedOff) {
        throw EngineException.invalid(
            "--" + setting.flag() + " is refused: " + setting.refusal().get());
      }
    });
  }

  /** The accepted settings that have no effect, each with the reason. */
  Map<String, String> notices() {
    Map<String, String> notices = new LinkedHashMap<>();
    values.keySet().forEach(s -> s.notice().ifPresent(text -> notices.put("--" + s.flag(), text)));
    return notices;
  }

  /** Whether the user gave a value. */
  boolean isSet(Setting setting) {
    return values.containsKey(setting);
  }

  /** The last value given. */
  Optional<String> text(Setting setting) {
    return Optional.ofNullable(values.get(setting)).map(List::getLast);
  }

  /** The last value given, or another. */
  String text(Setting setting, String otherwise) {
    return text(setting).orElse(otherwise);
  }

  /** A switch. */
  boolean flag(Setting setting, boolean otherwise) {
    return text(setting).map(SettingForms::isTrue).orElse(otherwise);
  }

  /** A whole number. */
  int number(Setting setting, int otherwise) {
    return text(setting).map(Integer::parseInt).orElse(otherwise);
  }

  /** All values given, in their order. */
  List<String> list(Setting setting) {
    return List.copyOf(values.getOrDefault(setting, List.of()));
  }

  /** All {@code key=value} pairs given; the last of a key wins. */
  Map<String, String> map(Setting setting) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : list(setting)) {
      int equals = pair.indexOf('=');
      pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return pairs;
  }
}
