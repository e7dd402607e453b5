package dev.berth.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Reads a command's words by the rules of Docker's own parser, which differ from picocli's: {@code
 * -itp80:80} is three options, a switch takes a value only behind an equals sign, the last of two
 * values counts. What comes out are words on which both agree.
 *
 * @see <a href="https://pkg.go.dev/github.com/spf13/pflag">The rules</a>
 */
final class FlagWords {
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

  private final CommandSpec spec;
  private final boolean stopsAtPositional;
  private final Map<OptionSpec, List<String>> values = new LinkedHashMap<>();
  private final List<String> positionals = new ArrayList<>();
  private boolean help;

  private FlagWords(CommandSpec spec, boolean stopsAtPositional) {
    this.spec = spec;
    this.stopsAtPositional = stopsAtPositional;
  }

  /**
   * Reads the words.
   *
   * @param stopsAtPositional whether everything behind the first word that is no option belongs to
   *     another program
   * @throws UsageException in Docker's words
   */
  static FlagWords read(CommandSpec spec, boolean stopsAtPositional, List<String> words) {
    FlagWords read = new FlagWords(spec, stopsAtPositional);
    read.take(words);
    return read;
  }

  /** Whether the user only wants to know how the command is used. */
  boolean help() {
    return help;
  }

  /** The words that are no options. */
  List<String> positionals() {
    return positionals;
  }

  /** The same words in their plainest form. */
  String[] plain() {
    List<String> plain = new ArrayList<>();
    values.forEach((option, given) -> {
      String name = option.longestName();
      for (String value : given) {
        if (!isSwitch(option)) {
          plain.add(name + "=" + value);
        } else if (value.equals("true")) {
          plain.add(name);
        } else if (option.arity().max() > 0) {
          plain.add(name + "=false");
        }
      }
    });
    plain.add("--");
    plain.addAll(positionals);
    return plain.toArray(String[]::new);
  }

  private void take(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      boolean last = i + 1 >= words.size();
      if (word.equals("--")) {
        positionals.addAll(words.subList(i + 1, words.size()));
        return;
      }
      if (!word.startsWith("-") || word.equals("-")) {
        positionals.add(word);
        if (stopsAtPositional) {
          positionals.addAll(words.subList(i + 1, words.size()));
          return;
        }
      } else if (word.startsWith("--")) {
        i += takeLong(word, last ? null : words.get(i + 1));
      } else {
        i += takeShort(word, last ? null : words.get(i + 1));
      }
    }
  }

  /** Returns how many further words it took. */
  private int takeLong(String word, @Nullable String next) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    if (name.length() == 2 || name.startsWith("---")) {
      throw new UsageException("bad flag syntax: " + word);
    }
    if (name.equals("--help")) {
      help = true;
      return 0;
    }
    OptionSpec option = spec.findOption(name);
    if (option == null) {
      throw new UsageException("unknown flag: " + name);
    }
    if (equals >= 0) {
      put(option, name, word.substring(equals + 1));
      return 0;
    }
    if (isSwitch(option)) {
      put(option, name, "true");
      return 0;
    }
    if (next == null) {
      throw new UsageException("flag needs an argument: " + name);
    }
    put(option, name, next);
    return 1;
  }

  private int takeShort(String word, @Nullable String next) {
    for (int i = 1; i < word.length(); i++) {
      char letter = word.charAt(i);
      OptionSpec option = spec.findOption("-" + letter);
      String rest = word.substring(i + 1);
      if (option == null) {
        if (letter == 'h') {
          help = true;
          return 0;
        }
        throw new UsageException(
            "unknown shorthand flag: '" + letter + "' in -" + word.substring(i));
      }
      String name = option.longestName();
      if (rest.startsWith("=")) {
        put(option, name, rest.substring(1));
        return 0;
      }
      if (isSwitch(option)) {
        put(option, name, "true");
      } else if (!rest.isEmpty()) {
        put(option, name, rest);
        return 0;
      } else if (next == null) {
        throw new UsageException(
            "flag needs an argument: '" + letter + "' in -" + word.substring(i));
      } else {
        put(option, name, next);
        return 1;
      }
    }
    return 0;
  }

  private static boolean isSwitch(OptionSpec option) {
    Class<?> type = option.type();
    return type == boolean.class || type == Boolean.class;
  }

  private void put(OptionSpec option, String name, String value) {
    String kept = isSwitch(option) ? bool(option, name, value) : checked(option, name, value);
    if (!option.isMultiValue()) {
      values.remove(option);
    }
    values.computeIfAbsent(option, key -> new ArrayList<>()).add(kept);
  }

  private static String bool(OptionSpec option, String name, String value) {
    if (TRUE.contains(value)) {
      return "true";
    }
    if (FALSE.contains(value)) {
      return "false";
    }
    throw UsageException.value(
        value,
        shown(option, name),
        "strconv.ParseBool: parsing " + quoted(value) + ": invalid syntax");
  }

  private static String checked(OptionSpec option, String name, String value) {
    boolean number =
        option.type() == Integer.class
            || option.type() == int.class
            || option.type() == Long.class
            || option.type() == long.class;
    if (number && !value.matches("[+-]?[0-9]{1,18}")) {
      throw UsageException.value(
          value,
          shown(option, name),
          "strconv.ParseInt: parsing " + quoted(value) + ": invalid syntax");
    }
    if (name.equals("--filter") && !value.isEmpty() && !value.contains("=")) {
      throw UsageException.value(
          value, shown(option, name), "bad format of filter (expected name=value)");
    }
    return value;
  }

  private static String quoted(String value) {
    return '"' + value + '"';
  }

  /** {@code -f, --filter}: as messages name an option. */
  static String shown(OptionSpec option, String name) {
    return Arrays.stream(option.names())
        .filter(one -> one.length() == 2 && option.longestName().equals(name))
        .findFirst()
        .map(letter -> letter + ", " + name)
        .orElse(name);
  }
}
