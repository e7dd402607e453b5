package dev.berth.cli;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code bin/berth}: Docker's command line, for machines without one. */
public final class Main {
  private static final int USAGE = 125;
  private static final String SYNOPSIS = "Usage:  berth [OPTIONS] COMMAND";
  private static final List<String> IGNORED_SWITCHES = List.of("-D", "--debug");

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
      System.err.println(ended.text());
      return ended.exitCode();
    } catch (UsageException wrong) {
      System.err.println(wrong.text());
      System.err.println("\n" + SYNOPSIS + " [ARG...]\n\nRun 'berth --help' for more information");
      return USAGE;
    }
  }

  private int dispatch(Deque<String> words) {
    String first = takeOptions(words);
    if (first == null || first.equals("help")) {
      return help(System.out);
    }
    if (first.equals(Completion.QUESTION)) {
      return new Completion(session, System.out).answer(List.copyOf(words));
    }
    Map<String, Supplier<Base>> group = Commands.GROUPS.get(first);
    if (group != null) {
      return dispatchGroup(first, group, words);
    }
    Supplier<Base> command = Commands.ALONE.get(first);
    if (command != null) {
      return execute("berth " + first, command.get(), words);
    }
    return other(first, words);
  }

  /** What is no command of Berth may be one of Docker's plugins, or another's. */
  private int other(String name, Deque<String> words) {
    String instead = Commands.ELSEWHERE.get(name);
    if (instead != null) {
      throw new CliException(1, "berth: 'berth " + name + "' is not offered: " + instead);
    }
    HandOver plugin = HandOver.find(name);
    if (plugin != null) {
      return plugin.run(session.address(), List.copyOf(words));
    }
    if (name.equals("compose")) {
      throw new CliException(
          1,
          "berth: no Compose is installed: neither docker-compose in PATH nor a docker-compose"
              + " plugin in Docker's folders.\n\nInstall the package docker-compose, or the plugin");
    }
    throw new CliException(
        1,
        "berth: unknown command: berth " + name + "\n\nRun 'berth --help' for more information");
  }

  private int dispatchGroup(String name, Map<String, Supplier<Base>> group, Deque<String> words) {
    String second = words.poll();
    Supplier<Base> command =
        second == null ? null : group.get(Commands.ALIASES.getOrDefault(name + " " + second, second));
    if (second == null || isHelp(second) || (command == null && words.contains("--help"))) {
      helpOf("berth " + name, Commands.DESCRIPTIONS.getOrDefault(name, ""), group, System.out);
      return 0;
    }
    if (command == null) {
      if (second.startsWith("-")) {
        throw new UsageException("unknown flag: " + second);
      }
      throw new CliException(
          1,
          "berth: unknown command: berth "
              + name
              + " "
              + second
              + "\n\nUsage:  berth "
              + name
              + "\n\nRun 'berth "
              + name
              + " --help' for more information");
    }
    return execute("berth " + name + " " + second, command.get(), words);
  }

  private static boolean isHelp(String word) {
    return word.equals("--help") || word.equals("-h") || word.equals("help");
  }

  /** Takes the options in front of the command; returns the command's first word, or null. */
  private @Nullable String takeOptions(Deque<String> words) {
    while (!words.isEmpty()) {
      String word = words.poll();
      if (isHelp(word)) {
        return null;
      }
      if (word.equals("--version") || word.equals("-v")) {
        return "version";
      }
      if (!word.startsWith("-")) {
        return word;
      }
      if (!IGNORED_SWITCHES.contains(word)) {
        takeOption(word, words);
      }
    }
    return null;
  }

  private void takeOption(String word, Deque<String> words) {
    int equals = word.indexOf('=');
    boolean isShort = !word.startsWith("--");
    String name =
        isShort && word.length() > 2
            ? word.substring(0, 2)
            : equals < 0 ? word : word.substring(0, equals);
    String attached =
        isShort && word.length() > 2
            ? word.substring(word.charAt(2) == '=' ? 3 : 2)
            : equals < 0 ? null : word.substring(equals + 1);
    switch (name) {
      case "-H", "--host" -> session.host(value(words, name, attached));
      case "-c", "--context" -> session.context(value(words, name, attached));
      case "--config" -> UserConfiguration.use(value(words, name, attached));
      case "-l", "--log-level" -> value(words, name, attached);
      default ->
          throw new UsageException(
              isShort
                  ? "unknown shorthand flag: '" + word.charAt(1) + "' in " + word
                  : "unknown flag: " + name);
    }
  }

  private static String value(Deque<String> words, String option, @Nullable String attached) {
    String value = attached == null ? words.poll() : attached;
    if (value == null) {
      throw new UsageException(
          option.startsWith("--")
              ? "flag needs an argument: " + option
              : "flag needs an argument: '" + option.charAt(1) + "' in " + option);
    }
    return value;
  }

  private int execute(String name, Base command, Deque<String> words) {
    command.session(session);
    CommandLine line = new CommandLine(command);
    line.setCommandName(name);
    line.setExpandAtFiles(false);
    line.setOverwrittenOptionsAllowed(true);
    line.setExecutionExceptionHandler((failure, ignored, parsed) -> report(failure, command, line));
    line.setParameterExceptionHandler((failure, given) ->
        refuse(line, String.valueOf(failure.getMessage())));
    try {
      boolean stops = command.stopsAtPositional();
      FlagWords read = FlagWords.read(line.getCommandSpec(), stops, List.copyOf(words));
      if (read.help()) {
        Help.print(name, line.getCommandSpec(), System.out);
        return 0;
      }
      Help.checkCount(name, line.getCommandSpec(), read.positionals().size());
      return line.execute(read.plain());
    } catch (UsageException wrong) {
      return refuse(line, wrong.text());
    }
  }

  private static int refuse(CommandLine line, String message) {
    String name = line.getCommandName();
    System.err.println(message);
    System.err.println("\n" + Help.usage(name, line.getCommandSpec()));
    System.err.println("\nRun '" + name + " --help' for more information");
    return USAGE;
  }

  private static int report(Exception failure, Base command, CommandLine line) throws Exception {
    return switch (failure) {
      case ApiException refused -> {
        System.err.println(command.failure(refused.shown()));
        yield command.refusedCode();
      }
      case UsageException wrong -> refuse(line, wrong.text());
      case CliException ended when ended.text().startsWith("invalid argument ") ->
          refuse(line, ended.text());
      case CliException ended -> {
        System.err.println(command.failure(ended.text()));
        yield ended.exitCode();
      }
      case java.io.IOException broken -> {
        System.err.println(broken.getMessage());
        yield 1;
      }
      default -> throw failure;
    };
  }

  private static int help(PrintStream out) {
    out.println(SYNOPSIS);
    out.println();
    out.println("A container engine for Linux, with Docker's grammar.");
    out.println();
    Map<String, Supplier<Base>> alone = new LinkedHashMap<>(Commands.ALONE);
    Map<String, Supplier<Base>> common = new LinkedHashMap<>();
    for (String name : Commands.COMMON) {
      Supplier<Base> command = alone.remove(name);
      if (command != null) {
        common.put(name, command);
      }
    }
    Help.printCommands("Common Commands:", common, out);
    out.println("\nManagement Commands:");
    Commands.DESCRIPTIONS.forEach((name, text) -> out.printf("  %-11s %s%n", name, text));
    out.println();
    Help.printCommands("Commands:", alone, out);
    out.println("\nFurther:");
    out.println("  quickstart  Set everything up and show it at work");
    out.println("  compose     Hand over to an installed Docker Compose");
    out.println("\nGlobal Options:");
    out.println("      --config string    Folder of the client's configuration (default ~/.docker)");
    out.println("  -c, --context string   Docker's context that names the engine");
    out.println("  -H, --host string      Engine to talk to (default " + EngineAddress.DEFAULT + ")");
    out.println("  -v, --version          Show the versions");
    out.println("\nRun 'berth COMMAND --help' for more information on a command.");
    return 0;
  }

  private static void helpOf(
      String name, String description, Map<String, Supplier<Base>> commands, PrintStream out) {
    out.println("Usage:  " + name + " COMMAND\n\n" + description + "\n");
    Help.printCommands("Commands:", commands, out);
    out.println("\nRun '" + name + " COMMAND --help' for more information on a command.");
  }
}
