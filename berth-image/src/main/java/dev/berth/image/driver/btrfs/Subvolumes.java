package dev.berth.image.driver.btrfs;

import dev.berth.linux.Btrfs;
import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;

/** Deletes trees that hold subvolumes, among them those that a container may have made. */
final class Subvolumes {
  private static final int DIRECTORY =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;

  private Subvolumes() {}

  /** Whether a name is the root of a subvolume. */
  private static boolean isSubvolume(FileStatus status) {
    return status.isDirectory() && status.inode() == Btrfs.SUBVOLUME_INODE;
  }

  /** Deletes a name with all that is below it; nothing there is fine. */
  static void delete(Fd parent, String name) {
    FileStatus status = FileCalls.statxIfExists(parent, name);
    if (status == null) {
      return;
    }
    if (!status.isDirectory()) {
      FileCalls.unlinkat(parent, name, 0);
      return;
    }
    if (isSubvolume(status)) {
      destroy(parent, name);
      return;
    }
    deleteChildren(parent, name);
    FileCalls.unlinkat(parent, name, FileFlags.AT_REMOVEDIR);
  }

  /** One call takes all files away; only where others are nested, these go first. */
  private static void destroy(Fd parent, String name) {
    long id;
    try (Fd subvolume = FileCalls.openat(parent, name, DIRECTORY, 0)) {
      id = Btrfs.subvolumeId(subvolume);
    }
    try {
      Btrfs.destroySubvolume(parent, name);
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOTEMPTY)) {
        throw e;
      }
      try (Fd subvolume = FileCalls.openat(parent, name, DIRECTORY, 0)) {
        Btrfs.makeWritable(subvolume);
      }
      deleteNested(parent, name);
      Btrfs.destroySubvolume(parent, name);
    }
    forgetQuota(parent, id);
  }

  private static void forgetQuota(Fd parent, long id) {
    try {
      Btrfs.removeQuotaGroup(parent, id);
    } catch (LinuxException notCounted) {
      // The file system does not count, or the kernel has forgotten the group by itself.
    }
  }

  private static void deleteChildren(Fd parent, String name) {
    try (Fd directory = FileCalls.openat(parent, name, DIRECTORY, 0)) {
      for (DirectoryEntry entry : FileCalls.list(directory)) {
        delete(directory, entry.name());
      }
    }
  }

  private static void deleteNested(Fd parent, String name) {
    try (Fd directory = FileCalls.openat(parent, name, DIRECTORY, 0)) {
      for (DirectoryEntry entry : FileCalls.list(directory)) {
        FileStatus status =
            entry.kind() == FileFlags.S_IFDIR
                ? FileCalls.statxIfExists(directory, entry.name())
                : null;
        if (status == null || !status.isDirectory()) {
          continue;
        }
        if (isSubvolume(status)) {
          destroy(directory, entry.name());
        } else {
          deleteNested(directory, entry.name());
        }
      }
    }
  }
}
