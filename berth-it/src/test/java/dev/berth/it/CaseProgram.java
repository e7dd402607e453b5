package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of test cases against an engine, in a process of its own in the engine's namespaces, as
 * programs that reach published ports on localhost need it. It is told a file and writes a line of
 * {@link CaseOutcome} into it for each case.
 */
final class CaseProgram {
  private static final Duration LIMIT = Patience.of(Duration.ofMinutes(10));

  private CaseProgram() {}

  /**
   * Runs a program to its end, which it must get to.
   *
   * @param name of the report
   * @param words before the report's path
   * @param rest after it
   */
  static List<CaseOutcome> run(
      EngineUnderTest engine, String name, List<String> words, String... rest) {
    return run(engine, name, words, List.of(rest), true);
  }

  /** The same, with or without Testcontainers' reaper. */
  static List<CaseOutcome> run(
      EngineUnderTest engine,
      String name,
      List<String> words,
      List<String> rest,
      boolean withoutReaper) {
    try {
      Path report = engine.folder().resolve(name + ".report");
      List<String> command = new ArrayList<>(words);
      command.add(report.toString());
      command.addAll(rest);
      Command.Result run =
          engine
              .onHost(command.toArray(String[]::new))
              .with("DOCKER_HOST", engine.host())
              .with("TESTCONTAINERS_HOST_OVERRIDE", "localhost")
              .with("TESTCONTAINERS_RYUK_DISABLED", Boolean.toString(withoutReaper))
              .within(LIMIT)
              .run();
      List<CaseOutcome> outcomes = new ArrayList<>();
      if (Files.exists(report)) {
        Files.readAllLines(report).forEach(line -> outcomes.add(CaseOutcome.parse(line)));
      }
      assertThat(outcomes).as(run.text() + run.errors()).contains(CaseOutcome.end());
      outcomes.remove(CaseOutcome.end());
      assertThat(outcomes).isNotEmpty();
      return outcomes;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A file among the programs of other languages. */
  static String file(String name) {
    return EngineUnderTest.checkout().resolve("berth-it/src/test/clients").resolve(name).toString();
  }
}
