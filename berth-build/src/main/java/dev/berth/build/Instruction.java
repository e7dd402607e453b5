package dev.berth.build;

import dev.berth.image.Healthcheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One instruction of a Dockerfile. Source: Dockerfile reference. */
sealed interface Instruction {

  /** As it was written, for the list of steps. */
  String text();

  /**
   * A name with a value.
   *
   * @param name of a variable or label
   * @param value its value
   */
  record Pair(String name, String value) {
    @Override
    public String toString() {
      return name + "=" + value;
    }
  }

  /**
   * A variable of the build.
   *
   * @param name of it
   * @param value where the client gives none, or null
   */
  record Argument(String name, @Nullable String value) {
    @Override
    public String toString() {
      return value == null ? name : name + "=" + value;
    }
  }

  /**
   * What a command line is.
   *
   * @param words one line for the shell, or the program and its arguments
   * @param shell whether the shell takes it
   */
  record CommandLine(List<String> words, boolean shell) {}

  /**
   * What FROM says.
   *
   * @param base the image or stage
   * @param name of this stage, in small letters; empty for none
   * @param platform of the image; empty for the build's
   */
  record From(String text, String base, String name, String platform) implements Instruction {}

  /** ARG. */
  record Arg(String text, List<Argument> arguments) implements Instruction {}

  /** ENV. */
  record Env(String text, List<Pair> pairs) implements Instruction {}

  /**
   * LABEL.
   *
   * @param literal whether no variable is replaced, as in labels that the client gives
   */
  record Label(String text, List<Pair> pairs, boolean literal) implements Instruction {}

  /**
   * RUN.
   *
   * @param heredocs texts that follow
   * @param network {@code none}, {@code host}, {@code default}; empty for the build's
   */
  record Run(String text, CommandLine command, List<Heredoc> heredocs, String network)
      implements Instruction {}

  /** CMD. */
  record Cmd(String text, CommandLine command) implements Instruction {}

  /** ENTRYPOINT. */
  record Entrypoint(String text, CommandLine command) implements Instruction {}

  /**
   * COPY or ADD.
   *
   * @param keyword which of them
   * @param sources paths, patterns and, of ADD, URLs
   * @param texts heredocs that become files
   * @param destination where to
   * @param choices its flags
   */
  record Copy(
      String text,
      String keyword,
      List<String> sources,
      List<Heredoc> texts,
      String destination,
      CopyChoices choices)
      implements Instruction {}

  /**
   * The flags of COPY and ADD.
   *
   * @param from image or stage; empty for the context
   * @param owner {@code user[:group]}; empty for root
   * @param mode octal; empty for the files' own
   * @param checksum of what is downloaded; empty for any
   * @param excludes patterns of what is left out
   * @param parents whether the sources' folders are kept
   */
  record CopyChoices(
      String from,
      String owner,
      String mode,
      String checksum,
      List<String> excludes,
      boolean parents) {}

  /** WORKDIR. */
  record Workdir(String text, String path) implements Instruction {}

  /** USER. */
  record User(String text, String user) implements Instruction {}

  /** EXPOSE. */
  record Expose(String text, List<String> ports) implements Instruction {}

  /** VOLUME. */
  record Volume(String text, List<String> paths) implements Instruction {}

  /** STOPSIGNAL. */
  record StopSignal(String text, String signal) implements Instruction {}

  /** SHELL. */
  record Shell(String text, List<String> words) implements Instruction {}

  /** HEALTHCHECK. */
  record Health(String text, Healthcheck check) implements Instruction {}

  /** ONBUILD. */
  record OnBuild(String text, String trigger) implements Instruction {}

  /** MAINTAINER. */
  record Maintainer(String text, String name) implements Instruction {}
}
