package dev.berth.cli;

import dev.berth.core.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program installed beside Docker that takes a command over: {@code docker-compose}, or any other
 * plugin of Docker's command line. It is told by {@code DOCKER_HOST} which engine to use, and run
 * by itself rather than as a plugin, so that it asks for no docker.
 *
 * @param program its file
 */
record HandOver(Path program) {
  private static final List<String> FOLDERS =
      List.of(
          "/usr/local/lib/docker/cli-plugins",
          "/usr/local/libexec/docker/cli-plugins",
          "/usr/lib/docker/cli-plugins",
          "/usr/libexec/docker/cli-plugins");
  private static final String OWN = "berth";

  /** The program for a command, or null: the user's own first, then the machine's, then PATH. */
  static @Nullable HandOver find(String command) {
    if (!command.matches("[a-z][a-z0-9]*") || command.equals(OWN)) {
      return null;
    }
    String name = "docker-" + command;
    List<String> folders = new ArrayList<>();
    folders.add(UserConfiguration.ofUser().folder().resolve("cli-plugins").toString());
    folders.addAll(FOLDERS);
    folders.addAll(List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)));
    for (String folder : folders) {
      Path file = Path.of(folder.isEmpty() ? "." : folder, name);
      if (Files.isRegularFile(file) && Files.isExecutable(file)) {
        return new HandOver(file);
      }
    }
    return null;
  }

  /** Runs it with this process's streams; its exit code is the command's. */
  int run(EngineAddress engine, List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("DOCKER_HOST", engine.text());
    builder.environment().remove("DOCKER_CONTEXT");
    try {
      Process process = builder.start();
      // The terminal sends an interrupt to both; this process only waits for the other's end.
      Signals.handle("INT", signal -> {});
      Signals.handle("TERM", signal -> process.destroy());
      Signals.handle("HUP", signal -> process.destroy());
      return process.waitFor();
    } catch (IOException failure) {
      throw new CliException(1, "berth: cannot run " + program + ": " + failure.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }
}
