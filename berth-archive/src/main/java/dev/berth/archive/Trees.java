package dev.berth.archive;

import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Work on whole trees of files that follows no link. */
public final class Trees {
  private static final int READ_DIRECTORY =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;

  private Trees() {}

  /** Removes a path with everything below it; nothing there is fine. */
  public static void delete(Path path) {
    try (Fd parent =
        FileCalls.open(
            String.valueOf(path.toAbsolutePath().getParent()),
            FileFlags.O_PATH | FileFlags.O_DIRECTORY)) {
      delete(parent, String.valueOf(path.getFileName()));
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  /** Removes a name with everything below it; nothing there is fine. */
  public static void delete(Fd parent, String name) {
    FileStatus status = FileCalls.statxIfExists(parent, name);
    if (status == null) {
      return;
    }
    if (!status.isDirectory()) {
      unlink(parent, name, 0);
      return;
    }
    try (Fd directory = FileCalls.openat(parent, name, READ_DIRECTORY, 0)) {
      for (DirectoryEntry entry : FileCalls.list(directory)) {
        if (entry.kind() == FileFlags.S_IFDIR || entry.kind() == 0) {
          delete(directory, entry.name());
        } else {
          unlink(directory, entry.name(), 0);
        }
      }
    }
    unlink(parent, name, FileFlags.AT_REMOVEDIR);
  }

  private static void unlink(Fd parent, String name, int flags) {
    try {
      FileCalls.unlinkat(parent, name, flags);
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  /** The length of all regular files below a directory, a file of several names counted once. */
  public static long contentBytes(Path path) {
    try (Fd directory = FileCalls.open(path.toString(), READ_DIRECTORY)) {
      return contentBytes(directory, new HashSet<>());
    }
  }

  private static long contentBytes(Fd directory, Set<Long> seen) {
    long bytes = 0;
    for (DirectoryEntry entry : FileCalls.list(directory)) {
      FileStatus status = FileCalls.statxIfExists(directory, entry.name());
      if (status == null) {
        continue;
      }
      if (status.isDirectory()) {
        bytes += contentBytesBelow(directory, entry.name(), seen);
      } else if (status.links() == 1 || seen.add(status.inode())) {
        bytes += status.sizeBytes();
      }
    }
    return bytes;
  }

  private static long contentBytesBelow(Fd parent, String name, Set<Long> seen) {
    try (Fd directory = FileCalls.openat(parent, name, READ_DIRECTORY, 0)) {
      return contentBytes(directory, seen);
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR) || e.is(Errno.ELOOP)) {
        return 0;
      }
      throw e;
    }
  }
}
