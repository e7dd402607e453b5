package dev.berth.build;

import dev.berth.archive.TreePaths;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import org.jspecify.annotations.Nullable;

/**
 * Paths in trees of strangers. Each is looked up as if the tree's folder were the root of the
 * machine, so that no link leads out of it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/openat2.2.html">openat2(2)</a>
 */
final class CopyPaths {
  private static final long IN_ROOT = FileFlags.RESOLVE_IN_ROOT | FileFlags.RESOLVE_NO_MAGICLINKS;
  private static final int FOLDER = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;

  private CopyPaths() {}

  /** A path that counts from a folder, unless it begins with a slash. */
  static String joined(String folder, String path) {
    return path.startsWith("/") ? path : folder + "/" + path;
  }

  /** Opens what a path leads to, or null where there is nothing. */
  static @Nullable Fd find(Fd root, String path, int flags) {
    try {
      return FileCalls.openat2(root, path.isEmpty() ? "." : path, flags, 0, IN_ROOT);
    } catch (LinuxException failure) {
      if (failure.is(Errno.ENOENT) || failure.is(Errno.ENOTDIR)) {
        return null;
      }
      throw failure;
    }
  }

  /** What a path leads to, or null where there is nothing. */
  static @Nullable FileStatus status(Fd root, String path) {
    try (Fd found = find(root, path, FileFlags.O_PATH)) {
      return found == null ? null : FileCalls.statx(found);
    }
  }

  /** Opens a folder; makes it and those above it where they are missing. */
  static Fd makeDirectories(Fd root, String path, Workshop.Owner owner) {
    Fd there = find(root, path, FOLDER);
    if (there != null) {
      return there;
    }
    try (Fd parent = makeDirectories(root, TreePaths.parent(path), owner)) {
      String name = TreePaths.last(path);
      FileCalls.mkdirat(parent, name, 0755);
      FileCalls.fchownat(
          parent, name, owner.userId(), owner.groupId(), FileFlags.AT_SYMLINK_NOFOLLOW);
      Fd made = FileCalls.openat(parent, name, FOLDER | FileFlags.O_NOFOLLOW, 0);
      FileCalls.fchmod(made, 0755);
      return made;
    }
  }
}
