package dev.berth.engine;

import dev.berth.core.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A container's own directory in the data root: its log and the files that are mounted into it.
 *
 * @param path of the directory
 */
record ContainerDirectory(Path path) {

  static ContainerDirectory of(EngineSettings settings, String id) {
    return new ContainerDirectory(settings.dataRoot().resolve("containers").resolve(id));
  }

  Path hostname() {
    return path.resolve("hostname");
  }

  Path hosts() {
    return path.resolve("hosts");
  }

  Path resolvConf() {
    return path.resolve("resolv.conf");
  }

  Path log() {
    return path.resolve(path.getFileName() + "-json.log");
  }

  Path shm() {
    return path.resolve("mounts").resolve("shm");
  }

  Path mount(int index) {
    return path.resolve("mounts").resolve(Integer.toString(index));
  }

  void create() {
    try {
      Files.createDirectories(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x---")));
    } catch (IOException failure) {
      throw EngineException.internal("the container's directory could not be made", failure);
    }
  }

  /** Writes a file at once as a whole, so that nobody reads half of it. */
  void write(Path file, String content) {
    try {
      if (Files.exists(file)) {
        // It may be bind-mounted into a running container: the same inode must stay.
        Files.writeString(file, content);
        return;
      }
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(fresh, content);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw EngineException.internal(
          "writing " + file.getFileName() + " failed" + reason(failure), failure);
    }
  }

  /**
   * Writes {@code resolv.conf}, unless somebody has edited what was written last: the file itself
   * promises that an edited one is left alone. A copy tells; without one nothing was edited, so
   * that a crash in between does no harm.
   */
  void writeResolvConf(String content) {
    Path file = resolvConf();
    Path copy = path.resolve("resolv.conf.written");
    try {
      if (Files.exists(file) && Files.exists(copy) && Files.mismatch(file, copy) >= 0) {
        return;
      }
      Files.deleteIfExists(copy);
    } catch (IOException failure) {
      throw EngineException.internal("reading resolv.conf failed" + reason(failure), failure);
    }
    write(file, content);
    write(copy, content);
  }

  /** Why, in the kernel's words and without paths: a full disk is the user's to clear. */
  private static String reason(IOException failure) {
    String reason =
        failure instanceof FileSystemException told ? told.getReason() : failure.getMessage();
    return reason == null ? "" : ": " + reason;
  }

  /** Deletes the directory with all it holds; idempotent. */
  void delete() {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> below = Files.walk(path)) {
      for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException failure) {
      throw EngineException.internal("the container's directory could not be removed", failure);
    }
  }
}
