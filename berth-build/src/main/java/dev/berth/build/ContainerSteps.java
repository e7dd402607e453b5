package dev.berth.build;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.image.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Runs the containers of RUN instructions. */
final class ContainerSteps {
  private static final String SCRIPTS = "/dev/pipes/";

  private final StageRun.Surroundings around;

  ContainerSteps(StageRun.Surroundings around) {
    this.around = around;
  }

  /** What runs: texts that follow the instruction belong to the shell's line, or are programs. */
  List<String> command(Instruction.Run run, List<String> shell) {
    if (!run.command().shell()) {
      return run.command().words();
    }
    if (isScript(run)) {
      return List.of(SCRIPTS + run.heredocs().getFirst().name());
    }
    List<String> whole = new ArrayList<>(shell);
    whole.add(line(run));
    return List.copyOf(whole);
  }

  /** What the history tells, with the content of a script. */
  List<String> told(Instruction.Run run, List<String> command) {
    if (!isScript(run)) {
      return command;
    }
    List<String> whole = new ArrayList<>(command);
    whole.add("# " + run.heredocs().getFirst().text());
    return whole;
  }

  private static String line(Instruction.Run run) {
    String line = run.command().words().getFirst();
    if (run.heredocs().isEmpty()) {
      return line;
    }
    if (isWholeLine(run)) {
      return run.heredocs().getFirst().text();
    }
    StringBuilder whole = new StringBuilder(line);
    for (Heredoc heredoc : run.heredocs()) {
      whole.append('\n').append(heredoc.content()).append(heredoc.name());
    }
    return whole.toString();
  }

  private static boolean isWholeLine(Instruction.Run run) {
    return run.command().shell()
        && run.heredocs().size() == 1
        && Heredoc.begunBy(run.command().words().getFirst()).isPresent();
  }

  private static boolean isScript(Instruction.Run run) {
    return isWholeLine(run) && run.heredocs().getFirst().text().startsWith("#!");
  }

  /** The programs that stand in the Dockerfile. */
  List<Workshop.Script> scripts(Instruction.Run run) {
    if (!isScript(run)) {
      return List.of();
    }
    Heredoc heredoc = run.heredocs().getFirst();
    Path file = around.workshop().folder().resolve("script-" + run.text().hashCode());
    try {
      Files.writeString(file, heredoc.text(), StandardCharsets.UTF_8);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException failure) {
      throw EngineException.internal("a script of the build cannot be written", failure);
    }
    return List.of(new Workshop.Script(file, SCRIPTS + heredoc.name()));
  }

  /** Runs a step and makes its image. */
  Digest run(Workshop.Command command, Workshop.Step step) throws InterruptedException {
    BuildOutput output = around.output();
    Workshop.StepContainer container = around.workshop().container(command);
    boolean done = false;
    boolean cancelled = true;
    try {
      container.warnings().forEach(warning -> output.text(" ---> [Warning] " + warning + "\n"));
      output.text(" ---> Running in " + Ids.shortId(container.id()) + "\n");
      int exitCode = container.run(output);
      cancelled = false;
      if (exitCode != 0) {
        throw new FailedCommandException(String.join(" ", command.arguments()), exitCode);
      }
      Digest image = container.commit(step);
      done = true;
      return image;
    } catch (EngineException failure) {
      cancelled = false;
      throw failure;
    } finally {
      end(container, done, cancelled);
    }
  }

  private void end(Workshop.StepContainer container, boolean done, boolean cancelled) {
    boolean stays =
        switch (around.request().containers()) {
          case ALL -> !cancelled;
          case FAILED -> !done && !cancelled;
          case NONE -> false;
        };
    if (stays) {
      container.keep();
      return;
    }
    container.remove();
    if (!cancelled) {
      around
          .output()
          .text(" ---> Removed intermediate container " + Ids.shortId(container.id()) + "\n");
    }
  }
}
