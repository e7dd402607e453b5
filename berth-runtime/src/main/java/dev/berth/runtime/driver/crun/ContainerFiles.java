package dev.berth.runtime.driver.crun;

import dev.berth.core.EngineException;
import dev.berth.runtime.IoSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one container: all that is needed to find it again after the engine was killed.
 */
final class ContainerFiles {
  private static final String LAUNCH = "launch.properties";
  private static final String PERMISSIONS = "rwx------";

  /**
   * How a container was launched.
   *
   * @param cgroup path of its cgroup
   * @param terminal whether it has one
   * @param stdinOnce whether its input ends with the first client
   * @param log where its output goes
   */
  record Launch(String cgroup, boolean terminal, boolean stdinOnce, IoSpec.LogTarget log) {}

  private final Path directory;

  ContainerFiles(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  boolean exist() {
    return Files.isDirectory(directory);
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  void create() {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PERMISSIONS)));
    } catch (IOException failure) {
      throw EngineException.internal("making directory " + directory + " failed", failure);
    }
  }

  void write(String name, byte[] content) {
    try {
      Files.write(file(name), content);
    } catch (IOException failure) {
      throw EngineException.internal("writing " + file(name) + " failed", failure);
    }
  }

  /** The number in a file; -1 if there is none. */
  int number(String name) {
    try {
      return Integer.parseInt(Files.readString(file(name)).strip());
    } catch (IOException | NumberFormatException missing) {
      return -1;
    }
  }

  /** When a file was written; null if it does not exist. */
  @Nullable Instant writtenAt(String name) {
    try {
      return Files.getLastModifiedTime(file(name)).toInstant();
    } catch (IOException missing) {
      return null;
    }
  }

  void writeLaunch(Launch launch) {
    Properties properties = new Properties();
    properties.setProperty("cgroup", launch.cgroup());
    properties.setProperty("terminal", String.valueOf(launch.terminal()));
    properties.setProperty("stdinOnce", String.valueOf(launch.stdinOnce()));
    if (launch.log() instanceof IoSpec.LogTarget.File(Path path, IoSpec.LogRotation rotation)) {
      properties.setProperty("log", path.toString());
      properties.setProperty("log.maxSize", String.valueOf(rotation.maxSizeBytes()));
      properties.setProperty("log.maxFiles", String.valueOf(rotation.maxFiles()));
      properties.setProperty("log.compress", String.valueOf(rotation.compress()));
    }
    try (OutputStream out = Files.newOutputStream(file(LAUNCH))) {
      properties.store(out, null);
    } catch (IOException failure) {
      throw EngineException.internal("writing " + file(LAUNCH) + " failed", failure);
    }
  }

  /** How the container was launched, if it was. */
  Optional<Launch> readLaunch() {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file(LAUNCH))) {
      properties.load(in);
    } catch (IOException missing) {
      return Optional.empty();
    }
    String cgroup = properties.getProperty("cgroup");
    if (cgroup == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Launch(
            cgroup,
            Boolean.parseBoolean(properties.getProperty("terminal")),
            Boolean.parseBoolean(properties.getProperty("stdinOnce")),
            log(properties)));
  }

  private static IoSpec.LogTarget log(Properties properties) {
    String path = properties.getProperty("log");
    if (path == null) {
      return new IoSpec.LogTarget.None();
    }
    return new IoSpec.LogTarget.File(
        Path.of(path),
        new IoSpec.LogRotation(
            Long.parseLong(properties.getProperty("log.maxSize", "-1")),
            Integer.parseInt(properties.getProperty("log.maxFiles", "1")),
            Boolean.parseBoolean(properties.getProperty("log.compress"))));
  }

  void remove() {
    removeTree(directory);
  }

  /** Removes a directory with all in it, without following links. Idempotent. */
  static void removeTree(Path root) {
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException gone) {
      // Nothing to remove.
    } catch (IOException failure) {
      throw EngineException.internal("removing " + root + " failed", failure);
    }
  }
}
