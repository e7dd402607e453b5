package dev.berth.daemon;

import dev.berth.core.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the programs of the distribution that the engine works with. */
final class Programs {
  private static final List<String> USUAL = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private Programs() {}

  /**
   * The path of a program, by {@code PATH} and then in the usual folders; null when it is missing.
   */
  static @Nullable Path find(String program) {
    if (program.startsWith("/")) {
      Path path = Path.of(program);
      return Files.isExecutable(path) ? path : null;
    }
    List<String> folders =
        new ArrayList<>(List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)));
    folders.addAll(USUAL);
    for (String folder : folders) {
      Path path = Path.of(folder.isEmpty() ? "." : folder, program);
      if (!folder.isEmpty() && Files.isExecutable(path)) {
        return path;
      }
    }
    return null;
  }

  static EngineException missing(String role, String program) {
    return EngineException.internal(
        "the " + role + " " + program + " is not installed: apt-get install " + program, null);
  }
}
