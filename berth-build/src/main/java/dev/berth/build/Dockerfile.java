package dev.berth.build;

import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A Dockerfile that was read and understood.
 *
 * @param arguments ARG instructions before the first FROM
 * @param stages in their order
 * @param escape the escape character
 * @param warnings for the user
 */
record Dockerfile(
    List<Instruction.Arg> arguments, List<Stage> stages, char escape, List<String> warnings) {

  /** Copies the lists. */
  Dockerfile {
    arguments = List.copyOf(arguments);
    stages = List.copyOf(stages);
    warnings = List.copyOf(warnings);
  }

  /**
   * What one FROM begins.
   *
   * @param from the first instruction
   * @param instructions that follow it
   */
  record Stage(Instruction.From from, List<Instruction> instructions) {}

  /**
   * Reads one.
   *
   * @param name of the file, for errors
   * @throws EngineException of kind INVALID in Docker's words
   */
  static Dockerfile parse(String name, String text) {
    if (text.isEmpty()) {
      throw EngineException.invalid("the Dockerfile (" + name + ") cannot be empty");
    }
    LineReader.Source source;
    try {
      source = LineReader.read(text);
    } catch (EngineException failure) {
      throw EngineException.invalid("failed to parse " + name + ": " + failure.text());
    }
    List<Instruction.Arg> arguments = new ArrayList<>();
    List<Stage> stages = new ArrayList<>();
    for (SourceLine line : source.lines()) {
      switch (understood(line, source.escape())) {
        case Instruction.From from -> stages.add(new Stage(from, new ArrayList<>()));
        case Instruction.Arg arg when stages.isEmpty() -> arguments.add(arg);
        case Instruction other -> {
          if (stages.isEmpty()) {
            throw EngineException.invalid("no build stage in current context");
          }
          stages.getLast().instructions().add(other);
        }
      }
    }
    if (stages.isEmpty()) {
      throw EngineException.invalid("No image was generated. Is your Dockerfile empty?");
    }
    return new Dockerfile(arguments, stages, source.escape(), source.warnings());
  }

  private static Instruction understood(SourceLine line, char escape) {
    try {
      return InstructionReader.read(line, escape);
    } catch (EngineException failure) {
      throw EngineException.invalid(
          "dockerfile parse error on line " + line.number() + ": " + failure.text());
    }
  }

  /**
   * The stages up to one that is named.
   *
   * @param target a name or a number; empty for all
   * @throws EngineException of kind INVALID when there is no such stage
   */
  List<Stage> stagesUpTo(String target) {
    if (target.isEmpty()) {
      return stages;
    }
    String wanted = target.toLowerCase(Locale.ROOT);
    for (int index = stages.size() - 1; index >= 0; index--) {
      boolean named = stages.get(index).from().name().equals(wanted);
      if (named || wanted.equals(Integer.toString(index))) {
        return stages.subList(0, index + 1);
      }
    }
    throw EngineException.invalid("target stage " + GoQuote.quote(target) + " could not be found");
  }
}
