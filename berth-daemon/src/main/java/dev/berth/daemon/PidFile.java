package dev.berth.daemon;

import dev.berth.core.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that holds the engine's process id while it runs. */
final class PidFile implements AutoCloseable {
  private final Path file;

  private PidFile(Path file) {
    this.file = file;
  }

  /**
   * Writes this process's id.
   *
   * @throws EngineException of kind CONFLICT while the process that the file names is alive
   */
  static PidFile write(Path file) {
    try {
      if (Files.exists(file)) {
        refuseLiving(file);
      }
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
      Files.writeString(file, Long.toString(ProcessHandle.current().pid()));
      return new PidFile(file);
    } catch (IOException failure) {
      throw EngineException.internal("cannot write the pid file " + file + ": " + failure, failure);
    }
  }

  private static void refuseLiving(Path file) throws IOException {
    String text = Files.readString(file).strip();
    boolean alive =
        text.matches("[0-9]{1,9}")
            && Long.parseLong(text) != ProcessHandle.current().pid()
            && isAlive(text);
    if (alive) {
      throw EngineException.conflict(
          "process with PID "
              + text
              + " is still running: make sure docker is not running or"
              + " delete "
              + file);
    }
  }

  /**
   * Whether a process has that id and has not ended; one that nobody has waited for yet has ended.
   */
  private static boolean isAlive(String pid) {
    try {
      String status = Files.readString(Path.of("/proc", pid, "stat"));
      return status.charAt(status.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException gone) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      System.getLogger(PidFile.class.getName())
          .log(System.Logger.Level.WARNING, "cannot remove the pid file " + file, failure);
    }
  }
}
