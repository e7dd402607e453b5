package dev.berth.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What every command has: the engine it talks to, and ways to report on several things named at
 * once.
 */
@Command
abstract class Base implements Callable<Integer> {
  @Option(names = "--help", usageHelp = true, description = "Show what this command does.")
  boolean help;

  private @Nullable Session session;

  /** Called once, when the command is made. */
  void session(Session given) {
    session = given;
  }

  /** The engine that the options in front of the command name. */
  EngineClient engine() {
    return Objects.requireNonNull(session, "a command without a session").client();
  }

  PrintStream out() {
    return System.out;
  }

  PrintStream err() {
    return System.err;
  }

  InputStream in() {
    return System.in;
  }

  /**
   * Does one thing to each name and prints what it returns; a failure is reported and the next name
   * is tried. The exit code is 1 if any failed.
   */
  int forEach(List<String> names, Function<String, String> action) {
    int exitCode = 0;
    for (String name : names) {
      try {
        out().println(action.apply(name));
      } catch (ApiException refused) {
        err().println("Error response from daemon: " + refused.text());
        exitCode = 1;
      }
    }
    return exitCode;
  }

  /** Prints what {@code inspect} found of each name as one JSON array. */
  int inspectAll(List<String> names, String kind, Function<String, JsonNode> find) {
    var found = Json.MAPPER.createArrayNode();
    int exitCode = 0;
    for (String name : names) {
      try {
        found.add(find.apply(name));
      } catch (ApiException refused) {
        err()
            .println(
                refused.status() == 404 && kind.equals("object")
                    ? "Error: No such object: " + name
                    : "Error response from daemon: " + refused.text());
        exitCode = 1;
      }
    }
    out().println(pretty(found));
    return exitCode;
  }

  static String pretty(JsonNode node) {
    DefaultIndenter indenter = new DefaultIndenter("    ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator(""));
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    try {
      return Json.MAPPER.writer(printer).writeValueAsString(node);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Refuses {@code --format}, which is known to Docker's grammar and not offered yet. */
  static void refuseFormat(@Nullable String format) {
    if (format != null && !format.equals("table")) {
      throw new CliException(
          1,
          "--format \""
              + format
              + "\" is not supported yet: leave it out, or use the docker command line");
    }
  }
}
