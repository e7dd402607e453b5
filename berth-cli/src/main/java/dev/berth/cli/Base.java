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
    return session().client();
  }

  Session session() {
    return Objects.requireNonNull(session, "a command without a session");
  }

  /**
   * Whether everything behind the first word that is no option belongs to another program's command
   * line.
   */
  boolean stopsAtPositional() {
    return false;
  }

  /** How what went wrong is said. */
  String failure(String text) {
    return text;
  }

  /** The exit code when the engine refuses. */
  int refusedCode() {
    return 1;
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
        err().println(refused.shown());
        exitCode = 1;
      }
    }
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
}
