package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import dev.berth.linux.MountFlags;
import dev.berth.linux.Mounts;
import java.nio.file.Path;

/**
 * A subpath of a volume or image that is mounted at a place of the engine's own, so that the
 * runtime, which only takes paths, mounts exactly what was resolved, even if somebody exchanges a
 * link in the meantime. Close it when the container has started; the container keeps its mount.
 */
public final class PinnedPath implements AutoCloseable {
  private final Path path;
  private final boolean folder;

  private PinnedPath(Path path, boolean folder) {
    this.path = path;
    this.folder = folder;
  }

  /**
   * Resolves a subpath inside a folder and mounts it.
   *
   * @param base the volume's or image's absolute path
   * @param subpath relative; links in it cannot leave the base
   * @param place where to mount it; must not exist, its parent must
   * @throws EngineException NOT_FOUND {@code cannot access path …}
   */
  public static PinnedPath pin(String base, String subpath, Path place) {
    try (Fd found = Subpath.open(base, subpath, FileFlags.O_PATH)) {
      return pin(found, place, FileFlags.AT_RECURSIVE);
    } catch (LinuxException e) {
      throw EngineException.internal("mounting " + base + "/" + subpath + ": " + e.getMessage(), e);
    }
  }

  /**
   * Mounts a folder of the host without what is mounted below it.
   *
   * @param source the folder's absolute path
   * @param place where to mount it; must not exist, its parent must
   */
  public static PinnedPath pinAlone(String source, Path place) {
    try (Fd found = FileCalls.open(source, FileFlags.O_PATH)) {
      return pin(found, place, 0);
    } catch (LinuxException e) {
      throw EngineException.internal("mounting " + source + ": " + e.getMessage(), e);
    }
  }

  private static PinnedPath pin(Fd found, Path place, int recursive) {
    PinnedPath pinned = new PinnedPath(place, FileCalls.statx(found).isDirectory());
    pinned.makePlace();
    int flags = MountFlags.OPEN_TREE_CLONE | FileFlags.AT_EMPTY_PATH | recursive;
    try (Fd tree = Mounts.openTree(found, "", flags)) {
      Mounts.moveMount(tree, Fd.currentDirectory(), place.toString());
    } catch (LinuxException e) {
      pinned.close();
      throw e;
    }
    return pinned;
  }

  private void makePlace() {
    if (folder) {
      FileCalls.mkdirat(Fd.currentDirectory(), path.toString(), 0700);
    } else {
      int create = FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_EXCL;
      FileCalls.openat(Fd.currentDirectory(), path.toString(), create, 0600).close();
    }
  }

  /** Where it is mounted. */
  public Path path() {
    return path;
  }

  /** Takes the mount and its place away; a second call does nothing. */
  @Override
  public void close() {
    Mounts.detachIfMounted(path.toString());
    try {
      int flags = folder ? FileFlags.AT_REMOVEDIR : 0;
      FileCalls.unlinkat(Fd.currentDirectory(), path.toString(), flags);
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }
}
