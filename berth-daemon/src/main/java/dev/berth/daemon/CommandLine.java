package dev.berth.daemon;

import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Reads dockerd's command line: {@code --flag value}, {@code --flag=value}, {@code -H value},
 * {@code -Hvalue}, {@code -D}, and switches that take a value only behind an equals sign.
 */
final class CommandLine {
  private final List<String> arguments;
  private final Map<Setting, List<String>> values = new EnumMap<>(Setting.class);
  private int next;

  private CommandLine(List<String> arguments) {
    this.arguments = arguments;
  }

  /**
   * What each given setting was set to, in the order given.
   *
   * @throws EngineException of kind INVALID that names the flag and what is wrong with it
   */
  static Map<Setting, List<String>> parse(List<String> arguments) {
    CommandLine line = new CommandLine(arguments);
    while (line.next < arguments.size()) {
      line.parseOne(arguments.get(line.next++));
    }
    return line.values;
  }

  private void parseOne(String argument) {
    if (argument.startsWith("--")) {
      parseLong(argument.substring(2));
    } else if (argument.startsWith("-") && argument.length() > 1) {
      parseShort(argument.substring(1));
    } else {
      throw EngineException.invalid(
          "\"dockerd\" accepts no arguments, but \"" + argument + "\" was given");
    }
  }

  private void parseLong(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    Setting setting =
        Setting.ofFlag(name).orElseThrow(() -> EngineException.invalid("unknown flag: --" + name));
    if (equals >= 0) {
      add(setting, text.substring(equals + 1));
    } else if (setting.form() == Setting.Form.FLAG) {
      add(setting, "true");
    } else {
      add(setting, following("flag needs an argument: --" + name));
    }
  }

  private void parseShort(String text) {
    char letter = text.charAt(0);
    Setting setting =
        Setting.ofShorthand(letter)
            .orElseThrow(() ->
                EngineException.invalid("unknown shorthand flag: '" + letter + "' in -" + text));
    String rest = text.substring(1);
    if (setting.form() == Setting.Form.FLAG && !rest.startsWith("=")) {
      add(setting, "true");
      if (!rest.isEmpty()) {
        parseShort(rest);
      }
    } else if (rest.isEmpty()) {
      add(setting, following("flag needs an argument: '" + letter + "' in -" + text));
    } else {
      add(setting, rest.startsWith("=") ? rest.substring(1) : rest);
    }
  }

  private String following(String complaint) {
    if (next >= arguments.size()) {
      throw EngineException.invalid(complaint);
    }
    return arguments.get(next++);
  }

  private void add(Setting setting, String value) {
    SettingForms.check(setting, value, "--" + setting.flag());
    List<String> given = values.computeIfAbsent(setting, ignored -> new ArrayList<>());
    boolean repeatable = setting.form() == Setting.Form.LIST || setting.form() == Setting.Form.MAP;
    if (!repeatable) {
      given.clear();
    }
    given.add(value);
  }
}
