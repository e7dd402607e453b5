package dev.berth.cli;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code bin/berth}: Docker's command line, for machines without one. */
public final class Main {
  private static final int USAGE = 125;
  private static final Map<String, String> ALIASES = Map.of("list", "ls", "remove", "rm");

  private final Session session = new Session();

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs one command and returns its exit code. */
  static int run(String... arguments) {
    try {
      return new Main().dispatch(new ArrayDeque<>(List.of(arguments)));
    } catch (CliException ended) {
      System.err.println("berth: " + ended.text());
      return ended.exitCode();
    }
  }

  private int dispatch(Deque<String> words) {
    String first = takeOptions(words);
    if (first == null) {
      return help(System.out);
    }
    Map<String, Supplier<Base>> group = Commands.GROUPS.get(first);
    if (group != null) {
      return dispatchGroup(first, group, words);
    }
    Supplier<Base> command = Commands.ALONE.get(first);
    if (command == null) {
      throw new CliException(
          1, "unknown command: berth " + first + "\n\nRun 'berth --help' for more information");
    }
    return execute("berth " + first, command.get(), words);
  }

  private int dispatchGroup(String name, Map<String, Supplier<Base>> group, Deque<String> words) {
    String second = words.poll();
    if (second == null || second.equals("--help")) {
      helpOf("berth " + name, group, System.out);
      return 0;
    }
    Supplier<Base> command = group.get(ALIASES.getOrDefault(second, second));
    if (command == null) {
      throw new CliException(
          1,
          "unknown command: berth "
              + name
              + " "
              + second
              + "\n\nRun 'berth "
              + name
              + " --help' for more information");
    }
    return execute("berth " + name + " " + second, command.get(), words);
  }

  /** Takes the options in front of the command; returns the command's first word, or null. */
  private @Nullable String takeOptions(Deque<String> words) {
    while (!words.isEmpty()) {
      String word = words.poll();
      if (word.equals("-H") || word.equals("--host")) {
        session.host(value(words, word));
      } else if (word.startsWith("--host=")) {
        session.host(word.substring("--host=".length()));
      } else if (word.startsWith("-H")) {
        session.host(word.substring(2));
      } else if (word.equals("--help") || word.equals("-h") || word.equals("help")) {
        return null;
      } else if (word.equals("--version") || word.equals("-v")) {
        return "version";
      } else if (word.startsWith("-")) {
        throw new CliException(USAGE, "unknown flag: " + word + "\nSee 'berth --help'.");
      } else {
        return word;
      }
    }
    return null;
  }

  private static String value(Deque<String> words, String option) {
    String value = words.poll();
    if (value == null) {
      throw new CliException(USAGE, "flag needs an argument: " + option);
    }
    return value;
  }

  private int execute(String name, Base command, Deque<String> words) {
    command.session(session);
    CommandLine line = new CommandLine(command);
    line.setCommandName(name);
    line.setStopAtPositional(stopsAtPositional(command));
    line.setUnmatchedOptionsArePositionalParams(command instanceof ViewCommands.Top);
    line.setExecutionExceptionHandler((failure, ignored, parsed) -> report(failure, command));
    line.setParameterExceptionHandler((failure, given) -> {
      System.err.println("berth: " + failure.getMessage());
      System.err.println("\nUsage:  run '" + name + " --help' for more information");
      return USAGE;
    });
    return line.execute(words.toArray(String[]::new));
  }

  /** Behind these commands' first name comes another program's command line. */
  private static boolean stopsAtPositional(Base command) {
    return command instanceof RunCommands.Creating
        || command instanceof LifeCommands.Exec
        || command instanceof ViewCommands.Top;
  }

  private static int report(Exception failure, Base command) throws Exception {
    return switch (failure) {
      case ApiException refused -> {
        System.err.println("Error response from daemon: " + refused.text());
        yield command instanceof RunCommands.Creating ? USAGE : 1;
      }
      case CliException ended -> {
        System.err.println(
            ended.text().startsWith("Error response") ? ended.text() : "berth: " + ended.text());
        yield ended.exitCode();
      }
      case java.io.IOException broken -> {
        System.err.println("berth: " + broken.getMessage());
        yield 1;
      }
      default -> throw failure;
    };
  }

  private static int help(PrintStream out) {
    out.println("Usage:  berth [--host ADDRESS] COMMAND");
    out.println();
    out.println("A container engine for Linux, with Docker's grammar.");
    out.println();
    out.println("  quickstart   Set everything up and show it at work");
    out.println("  -H, --host   Engine to talk to (default " + EngineAddress.DEFAULT + ")");
    out.println();
    out.println("Groups of commands:");
    Commands.GROUPS.keySet().forEach(name -> out.println("  " + name));
    out.println();
    helpOf("berth", Commands.ALONE, out);
    return 0;
  }

  private static void helpOf(String name, Map<String, Supplier<Base>> commands, PrintStream out) {
    out.println("Commands of " + name + ":");
    commands.forEach((word, command) -> {
      String[] description =
          new CommandLine(command.get()).getCommandSpec().usageMessage().description();
      out.printf("  %-12s %s%n", word, String.join(" ", description));
    });
    out.println("\nRun '" + name + " COMMAND --help' for more information on a command.");
  }
}
