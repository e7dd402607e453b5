package dev.berth.image.driver.home;

import dev.berth.core.EngineException;
import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import dev.berth.linux.ProjectQuotas;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A driver's directory: a home for each container, with a project of its own where its size is
 * limited.
 */
public final class HomeDirectory {
  private static final int DIRECTORY = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;
  private static final int PRIVATE = 0710;

  private final Path root;

  /**
   * @param root the driver's directory
   */
  public HomeDirectory(Path root) {
    this.root = root;
  }

  /** The driver's directory. */
  public Path root() {
    return root;
  }

  /** Where a container's root is kept. */
  public Path home(String name) {
    return root.resolve(name);
  }

  /** Makes the driver's directory, if it is missing. */
  public void make() {
    makeIfMissing(root, PRIVATE);
  }

  /**
   * Refuses to go on where the file system does not limit projects.
   *
   * @throws EngineException of kind INVALID with this message
   */
  public void requireQuota(String message) {
    try (Fd directory = open(root)) {
      if (!ProjectQuotas.areAvailable(directory)) {
        throw EngineException.invalid(message);
      }
    }
  }

  /**
   * Makes a container's home.
   *
   * @param sizeBytes most that may be in it, 0 for no limit
   */
  public void makeHome(Path home, long sizeBytes) {
    makeIfMissing(home, PRIVATE);
    if (sizeBytes > 0) {
      try (Fd directory = open(home)) {
        ProjectQuotas.limit(directory, sizeBytes);
      }
    }
  }

  /** Makes a directory in a home, if it is missing. */
  public void makeInside(Path directory, int mode) {
    makeIfMissing(directory, mode);
  }

  private static void makeIfMissing(Path path, int mode) {
    Fd here = Fd.currentDirectory();
    try {
      FileCalls.mkdirat(here, path.toString(), mode);
      FileCalls.fchmodat(here, path.toString(), mode);
    } catch (LinuxException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
  }

  private static Fd open(Path path) {
    return FileCalls.open(path.toString(), DIRECTORY);
  }

  /**
   * Deletes a home with what is in it, and its limit afterwards; nothing there is fine.
   *
   * @param deletion deletes it
   */
  public void deleteHome(Path home, Runnable deletion) {
    Runnable forgetting = forgetting(home);
    deletion.run();
    forgetting.run();
  }

  private Runnable forgetting(Path home) {
    try (Fd directory = open(home)) {
      int project = ProjectQuotas.projectOf(directory);
      return project == 0 ? () -> {} : () -> forget(project);
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        return () -> {};
      }
      throw e;
    }
  }

  private void forget(int project) {
    try (Fd directory = open(root)) {
      ProjectQuotas.forget(directory, project);
    }
  }

  /** What else there is than these names. */
  public List<Path> others(Set<String> names) {
    try (Fd directory = open(root)) {
      return FileCalls.list(directory).stream()
          .map(DirectoryEntry::name)
          .filter(name -> !names.contains(name))
          .map(root::resolve)
          .toList();
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        return List.of();
      }
      throw e;
    }
  }
}
