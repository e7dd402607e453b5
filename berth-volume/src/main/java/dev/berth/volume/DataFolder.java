package dev.berth.volume;

import dev.berth.linux.Btrfs;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileData;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileSystemStatus;
import dev.berth.linux.LinuxException;
import java.util.Locale;

/**
 * The folder that is a volume's content, made and copied by the best way that its file system has:
 * a subvolume on Btrfs, so that a copy of all of it takes no time; shared blocks where files can
 * share them; else a copy.
 */
public final class DataFolder {
  private static final int OPEN = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final int MODE = 0755;
  private static final String PROBE = ".probe";

  private DataFolder() {}

  /** How a copy came about. */
  public enum Method {
    /** A snapshot of a subvolume. */
    SUBVOLUME,
    /** Every file shares its blocks with the first one. */
    REFLINK,
    /** Byte by byte. */
    COPY;

    /** In small letters. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Makes an empty folder.
   *
   * @throws LinuxException EEXIST when the name is taken
   */
  public static void make(Fd parent, String name) {
    if (!subvolume(parent, name)) {
      FileCalls.mkdirat(parent, name, MODE);
    }
    FileCalls.fchmodat(parent, name, MODE);
  }

  private static boolean subvolume(Fd parent, String name) {
    if (!isOnBtrfs(parent)) {
      return false;
    }
    try {
      Btrfs.createSubvolume(parent, name);
      return true;
    } catch (LinuxException e) {
      if (e.is(Errno.EEXIST)) {
        throw e;
      }
      return false;
    }
  }

  private static boolean isOnBtrfs(Fd directory) {
    return FileCalls.fstatfs(directory).type() == FileSystemStatus.BTRFS;
  }

  private static boolean isSubvolume(Fd directory) {
    return FileCalls.statx(directory).inode() == Btrfs.SUBVOLUME_INODE && isOnBtrfs(directory);
  }

  /** Opens one. */
  static Fd open(Fd parent, String name) {
    return FileCalls.openat(parent, name, OPEN, 0);
  }

  /** How a copy of one folder into another will be made. */
  static Method method(Fd source, Fd parent) {
    if (FileCalls.statx(source).mountId() != FileCalls.statx(parent).mountId()) {
      return Method.COPY;
    }
    if (isSubvolume(source)) {
      return Method.SUBVOLUME;
    }
    return canShare(parent) ? Method.REFLINK : Method.COPY;
  }

  /** Tries it with two small files, since no flag of the file system tells. */
  private static boolean canShare(Fd parent) {
    int create = FileFlags.O_RDWR | FileFlags.O_CREAT | FileFlags.O_TRUNC | FileFlags.O_NOFOLLOW;
    try (Fd first = FileCalls.openat(parent, PROBE, create, 0600);
        Fd second = FileCalls.openat(parent, PROBE + "2", create, 0600)) {
      FileData.writeAll(first, new byte[] {1});
      FileData.ficlone(first, second);
      return true;
    } catch (LinuxException e) {
      return false;
    } finally {
      unlink(parent, PROBE);
      unlink(parent, PROBE + "2");
    }
  }

  private static void unlink(Fd parent, String name) {
    try {
      FileCalls.unlinkat(parent, name, 0);
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  /**
   * Copies a folder with all that is in it.
   *
   * @param parent where the copy comes to lie; has nothing of that name yet
   * @param observer told of what is copied byte by byte
   */
  static void copy(Fd source, Fd parent, String name, Method method, CopyObserver observer) {
    if (method == Method.SUBVOLUME) {
      Btrfs.snapshot(source, parent, name);
      return;
    }
    make(parent, name);
    try (Fd target = open(parent, name)) {
      TreeCopy.copy(source, target, observer);
    }
  }
}
