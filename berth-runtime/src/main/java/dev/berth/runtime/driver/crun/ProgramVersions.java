package dev.berth.runtime.driver.crun;

import dev.berth.linux.Capture;
import dev.berth.linux.LinuxException;
import dev.berth.linux.SpawnRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks programs for their version, each once until it is exchanged on the disk. Safe for use by any
 * thread.
 */
final class ProgramVersions {
  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  private record Known(FileTime changed, String version) {}

  /** The last word of the first line that it prints; empty when it cannot be asked. */
  String of(Path program) {
    try {
      FileTime changed = Files.getLastModifiedTime(program);
      Known before = known.get(program);
      if (before != null && before.changed().equals(changed)) {
        return before.version();
      }
      String version = ask(program);
      known.put(program, new Known(changed, version));
      return version;
    } catch (IOException | LinuxException missing) {
      return "";
    }
  }

  private static String ask(Path program) {
    Capture.Result result = Capture.run(SpawnRequest.of(List.of(program.toString(), "--version")));
    String first = result.output().lines().findFirst().orElse("").strip();
    return first.substring(first.lastIndexOf(' ') + 1);
  }
}
