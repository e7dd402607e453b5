package dev.berth.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** How commands are used, in the form of Docker's own help. */
final class Help {
  private static final int UNBOUNDED = 100;

  private Help() {}

  /** {@code Usage:  berth ps [OPTIONS]}. */
  static String usage(String name, CommandSpec spec) {
    return "Usage:  " + name + synopsis(spec);
  }

  private static String synopsis(CommandSpec spec) {
    String[] own = spec.usageMessage().customSynopsis();
    if (own.length > 0) {
      return " " + String.join("\n\t", own);
    }
    StringBuilder text = new StringBuilder();
    if (!optionsOf(spec).isEmpty()) {
      text.append(" [OPTIONS]");
    }
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      String label = parameter.paramLabel();
      if (minimum(parameter) == 0) {
        text.append(" [").append(label).append(isMany(parameter) ? "...]" : "]");
      } else {
        text.append(' ').append(label);
        text.append(isMany(parameter) ? " [" + label + "...]" : "");
      }
    }
    return text.toString();
  }

  private static int minimum(PositionalParamSpec parameter) {
    return parameter.arity().min();
  }

  private static boolean isMany(PositionalParamSpec parameter) {
    return parameter.isMultiValue();
  }

  /**
   * Refuses a wrong number of words, naming the right one.
   *
   * @throws CliException in Docker's words
   */
  static void checkCount(String name, CommandSpec spec, int count) {
    int minimum = 0;
    int maximum = 0;
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      minimum += minimum(parameter);
      maximum += isMany(parameter) ? UNBOUNDED : 1;
    }
    boolean bounded = maximum < UNBOUNDED;
    if (count >= minimum && (!bounded || count <= maximum)) {
      return;
    }
    String wanted;
    String see = "Run";
    if (bounded && maximum == 0) {
      wanted = "accepts no arguments";
    } else if (bounded && minimum == maximum) {
      wanted = "requires " + arguments(minimum);
    } else if (!bounded) {
      wanted = "requires at least " + arguments(minimum);
      see = "See";
    } else if (minimum == 0) {
      wanted = "requires at most " + arguments(maximum);
    } else {
      wanted = "requires at least " + minimum + " and at most " + arguments(maximum);
    }
    throw new CliException(
        1,
        "berth: '" + name + "' " + wanted + "\n\n" + usage(name, spec) + "\n\n" + see + " '" + name
            + " --help' for more information");
  }

  private static String arguments(int count) {
    return count + (count == 1 ? " argument" : " arguments");
  }

  /** All of a command's help. */
  static void print(String name, CommandSpec spec, PrintStream out) {
    out.println(usage(name, spec));
    out.println();
    out.println(String.join(" ", spec.usageMessage().description()));
    List<String[]> lines = new ArrayList<>();
    for (OptionSpec option : optionsOf(spec)) {
      lines.add(new String[] {names(option), String.join(" ", option.description())});
    }
    int width = lines.stream().mapToInt(line -> line[0].length()).max().orElse(0);
    if (!lines.isEmpty()) {
      out.println("\nOptions:");
    }
    for (String[] line : lines) {
      out.println("  " + line[0] + " ".repeat(width - line[0].length() + 3) + line[1]);
    }
  }

  static List<OptionSpec> optionsOf(CommandSpec spec) {
    return spec.options().stream()
        .filter(option -> !option.usageHelp() && !option.hidden())
        .sorted(Comparator.comparing(OptionSpec::longestName))
        .toList();
  }

  private static String names(OptionSpec option) {
    String letter = "    ";
    for (String name : option.names()) {
      letter = name.length() == 2 ? name + ", " : letter;
    }
    String type = type(option);
    return letter + option.longestName() + (type.isEmpty() ? "" : " " + type);
  }

  private static String type(ArgSpec option) {
    Class<?> type = option.type();
    if (type == boolean.class || type == Boolean.class) {
      return "";
    }
    if (!option.paramLabel().startsWith("<")) {
      return option.paramLabel();
    }
    if (option.isMultiValue()) {
      return "list";
    }
    return Number.class.isAssignableFrom(type) || type.isPrimitive() ? "int" : "string";
  }

  /** The commands of a group with what each does. */
  static void printCommands(
      String heading, Map<String, Supplier<Base>> commands, PrintStream out) {
    out.println(heading);
    int width = commands.keySet().stream().mapToInt(String::length).max().orElse(0);
    commands.forEach((word, command) ->
        out.println(
            "  " + word + " ".repeat(width - word.length() + 3) + description(command.get())));
  }

  /** What a command does, from its annotation alone, since a whole model takes time to make. */
  static String description(Base command) {
    picocli.CommandLine.Command annotation =
        command.getClass().getAnnotation(picocli.CommandLine.Command.class);
    return annotation == null ? "" : String.join(" ", annotation.description()).replaceAll("\\.$", "");
  }
}
