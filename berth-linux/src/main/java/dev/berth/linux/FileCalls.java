package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.FCHMOD;
import static dev.berth.linux.SyscallNumber.FCHMODAT;
import static dev.berth.linux.SyscallNumber.FCHOWNAT;
import static dev.berth.linux.SyscallNumber.FSTATFS;
import static dev.berth.linux.SyscallNumber.GETDENTS64;
import static dev.berth.linux.SyscallNumber.LINKAT;
import static dev.berth.linux.SyscallNumber.MKDIRAT;
import static dev.berth.linux.SyscallNumber.MKNODAT;
import static dev.berth.linux.SyscallNumber.OPENAT;
import static dev.berth.linux.SyscallNumber.OPENAT2;
import static dev.berth.linux.SyscallNumber.READLINKAT;
import static dev.berth.linux.SyscallNumber.RENAMEAT2;
import static dev.berth.linux.SyscallNumber.STATFS;
import static dev.berth.linux.SyscallNumber.STATX;
import static dev.berth.linux.SyscallNumber.SYMLINKAT;
import static dev.berth.linux.SyscallNumber.UMASK;
import static dev.berth.linux.SyscallNumber.UNLINKAT;
import static dev.berth.linux.SyscallNumber.UTIMENSAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls that walk and change the tree of names, each relative to a directory descriptor. Modes
 * are subject to the process's umask, as in the kernel; {@link #clearUmask()} at start makes them
 * exact. All throw {@link LinuxException}; all may be called from any thread.
 *
 * @see <a
 *     href="https://man7.org/linux/man-pages/man7/path_resolution.7.html">path_resolution(7)</a>
 */
public final class FileCalls {
  private static final int OPEN_HOW_BYTES = 24;
  private static final int LISTING_BYTES = 32 * 1024;
  private static final int PATH_MAX = 4096;
  private static final long STATX_ALL = 0x1FFF;
  private static final long UTIME_OMIT = (1L << 30) - 2;
  private static final int TIMES_BYTES = 32;

  private FileCalls() {}

  /** Opens an absolute path, or one relative to the current directory. */
  public static Fd open(String path, int flags) {
    return openat(Fd.currentDirectory(), path, flags, 0);
  }

  /** Opens a path. */
  public static Fd openat(Fd directory, String path, int flags, int mode) {
    try (Frame frame = new Frame()) {
      long all = flags | FileFlags.O_CLOEXEC;
      long result;
      do {
        result = frame.syscall(OPENAT, directory.number(), frame.string(path), all, mode);
      } while (result == -Errno.EINTR.number());
      return Fd.adopt((int) check(result, "openat", path));
    }
  }

  /**
   * Opens a path under rules on how it may be resolved.
   *
   * @param resolve a sum of {@code RESOLVE_} constants
   */
  public static Fd openat2(Fd directory, String path, int flags, int mode, long resolve) {
    try (Frame frame = new Frame()) {
      MemorySegment how = frame.allocate(OPEN_HOW_BYTES);
      Frame.buffer(how).putLong(flags | FileFlags.O_CLOEXEC).putLong(mode).putLong(resolve);
      long name = frame.string(path);
      long result;
      do {
        result = frame.syscall(OPENAT2, directory.number(), name, how.address(), OPEN_HOW_BYTES);
      } while (result == -Errno.EINTR.number() || result == -Errno.EAGAIN.number());
      return Fd.adopt((int) check(result, "openat2", path));
    }
  }

  /** Opens a path as if the directory were the root: nothing outside it can be reached. */
  public static Fd openInRoot(Fd root, String path, int flags) {
    return openat2(root, path, flags, 0, FileFlags.RESOLVE_IN_ROOT);
  }

  /** Makes a directory. */
  public static void mkdirat(Fd directory, String path, int mode) {
    try (Frame frame = new Frame()) {
      long name = frame.string(path);
      check(frame.syscall(MKDIRAT, directory.number(), name, mode), "mkdirat", path);
    }
  }

  /**
   * Makes a device node, pipe, socket or empty file.
   *
   * @param mode kind and permissions
   */
  public static void mknodat(Fd directory, String path, int mode, int major, int minor) {
    try (Frame frame = new Frame()) {
      long name = frame.string(path);
      long device = deviceNumber(major, minor);
      check(frame.syscall(MKNODAT, directory.number(), name, mode, device), "mknodat", path);
    }
  }

  static long deviceNumber(int major, int minor) {
    return (minor & 0xFFL)
        | ((major & 0xFFFL) << 8)
        | ((minor & 0xFFFF_FF00L) << 12)
        | ((major & 0xFFFF_F000L) << 32);
  }

  /** Makes a symbolic link. */
  public static void symlinkat(String target, Fd directory, String path) {
    try (Frame frame = new Frame()) {
      long name = frame.string(path);
      long content = frame.string(target);
      check(frame.syscall(SYMLINKAT, content, directory.number(), name), "symlinkat", path);
    }
  }

  /**
   * Makes a further name of a file.
   *
   * @param flags 0, {@link FileFlags#AT_SYMLINK_FOLLOW} or {@link FileFlags#AT_EMPTY_PATH}
   */
  public static void linkat(Fd fromDirectory, String from, Fd toDirectory, String to, int flags) {
    try (Frame frame = new Frame()) {
      long result =
          frame.syscall(
              LINKAT,
              fromDirectory.number(),
              frame.string(from),
              toDirectory.number(),
              frame.string(to),
              flags);
      check(result, "linkat", from, to);
    }
  }

  /**
   * Removes a name.
   *
   * @param flags 0, or {@link FileFlags#AT_REMOVEDIR} for an empty directory
   */
  public static void unlinkat(Fd directory, String path, int flags) {
    try (Frame frame = new Frame()) {
      long name = frame.string(path);
      check(frame.syscall(UNLINKAT, directory.number(), name, flags), "unlinkat", path);
    }
  }

  /**
   * Renames.
   *
   * @param flags a sum of {@code RENAME_} constants
   */
  public static void renameat2(
      Fd fromDirectory, String from, Fd toDirectory, String to, int flags) {
    try (Frame frame = new Frame()) {
      long result =
          frame.syscall(
              RENAMEAT2,
              fromDirectory.number(),
              frame.string(from),
              toDirectory.number(),
              frame.string(to),
              flags);
      check(result, "renameat2", from, to);
    }
  }

  /** What a symbolic link says; an empty path means the descriptor, opened with O_PATH. */
  public static String readlinkat(Fd directory, String path) {
    try (Frame frame = new Frame()) {
      MemorySegment target = frame.allocate(PATH_MAX);
      long name = frame.string(path);
      long result = frame.syscall(READLINKAT, directory.number(), name, target.address(), PATH_MAX);
      byte[] bytes = new byte[(int) check(result, "readlinkat", path)];
      target.asByteBuffer().get(bytes);
      return KernelStrings.decode(bytes, 0, bytes.length);
    }
  }

  /**
   * Tells about a file.
   *
   * @param flags {@link FileFlags#AT_SYMLINK_NOFOLLOW}, {@link FileFlags#AT_EMPTY_PATH} or 0
   */
  public static FileStatus statx(Fd directory, String path, int flags) {
    try (Frame frame = new Frame()) {
      MemorySegment status = frame.allocate(FileStatus.STRUCT_BYTES);
      long result =
          frame.syscall(
              STATX, directory.number(), frame.string(path), flags, STATX_ALL, status.address());
      check(result, "statx", path);
      return FileStatus.decode(Frame.buffer(status));
    }
  }

  /** Tells about an open file. */
  public static FileStatus statx(Fd file) {
    return statx(file, "", FileFlags.AT_EMPTY_PATH);
  }

  /** Tells about a path without following a link at its end; null when nothing has that name. */
  public static @Nullable FileStatus statxIfExists(Fd directory, String path) {
    try {
      return statx(directory, path, FileFlags.AT_SYMLINK_NOFOLLOW);
    } catch (LinuxException failure) {
      if (failure.is(Errno.ENOENT) || failure.is(Errno.ENOTDIR)) {
        return null;
      }
      throw failure;
    }
  }

  /**
   * Changes the owner.
   *
   * @param userId the new owner, -1 to keep it
   * @param groupId the new group, -1 to keep it
   * @param flags {@link FileFlags#AT_SYMLINK_NOFOLLOW}, {@link FileFlags#AT_EMPTY_PATH} or 0
   */
  public static void fchownat(Fd directory, String path, int userId, int groupId, int flags) {
    try (Frame frame = new Frame()) {
      long name = frame.string(path);
      long result = frame.syscall(FCHOWNAT, directory.number(), name, userId, groupId, flags);
      check(result, "fchownat", path, userId + ":" + groupId);
    }
  }

  /** Changes the permissions; a link at the end is followed, so check the kind first. */
  public static void fchmodat(Fd directory, String path, int mode) {
    try (Frame frame = new Frame()) {
      long name = frame.string(path);
      check(frame.syscall(FCHMODAT, directory.number(), name, mode), "fchmodat", path);
    }
  }

  /** Changes the permissions of an open file. */
  public static void fchmod(Fd file, int mode) {
    try (Frame frame = new Frame()) {
      check(frame.syscall(FCHMOD, file.number(), mode), "fchmod", file);
    }
  }

  /**
   * Sets access and modification time.
   *
   * @param access the new access time, null to keep it
   * @param modification the new modification time, null to keep it
   * @param flags {@link FileFlags#AT_SYMLINK_NOFOLLOW}, {@link FileFlags#AT_EMPTY_PATH} or 0
   */
  public static void utimensat(
      Fd directory,
      String path,
      @Nullable Instant access,
      @Nullable Instant modification,
      int flags) {
    try (Frame frame = new Frame()) {
      MemorySegment times = frame.allocate(TIMES_BYTES);
      ByteBuffer out = Frame.buffer(times);
      putTime(out, access);
      putTime(out, modification);
      long name = frame.string(path);
      long result = frame.syscall(UTIMENSAT, directory.number(), name, times.address(), flags);
      check(result, "utimensat", path);
    }
  }

  private static void putTime(ByteBuffer out, @Nullable Instant time) {
    if (time == null) {
      out.putLong(0).putLong(UTIME_OMIT);
    } else {
      out.putLong(time.getEpochSecond()).putLong(time.getNano());
    }
  }

  /** All names in an open directory, in the file system's order, without dot and dot-dot. */
  public static List<DirectoryEntry> list(Fd directory) {
    List<DirectoryEntry> entries = new ArrayList<>();
    FileData.lseek(directory, 0, FileData.SEEK_SET);
    try (Frame frame = new Frame()) {
      MemorySegment listing = frame.allocate(LISTING_BYTES);
      while (true) {
        long result =
            frame.syscall(GETDENTS64, directory.number(), listing.address(), LISTING_BYTES);
        int length = (int) check(result, "getdents64", directory);
        if (length == 0) {
          return entries;
        }
        DirectoryEntry.decode(Frame.buffer(listing), length, entries);
      }
    }
  }

  /** Tells about the file system that holds a path. */
  public static FileSystemStatus statfs(String path) {
    try (Frame frame = new Frame()) {
      MemorySegment status = frame.allocate(FileSystemStatus.STRUCT_BYTES);
      check(frame.syscall(STATFS, frame.string(path), status.address()), "statfs", path);
      return FileSystemStatus.decode(Frame.buffer(status));
    }
  }

  /** Tells about the file system that holds an open file. */
  public static FileSystemStatus fstatfs(Fd file) {
    try (Frame frame = new Frame()) {
      MemorySegment status = frame.allocate(FileSystemStatus.STRUCT_BYTES);
      check(frame.syscall(FSTATFS, file.number(), status.address()), "fstatfs", file);
      return FileSystemStatus.decode(Frame.buffer(status));
    }
  }

  /**
   * Sets the umask of the whole process to zero, so that modes are taken as given. Call it once at
   * start, before other threads make files.
   *
   * @return the umask before
   */
  public static int clearUmask() {
    try (Frame frame = new Frame()) {
      return (int) frame.syscall(UMASK, 0);
    }
  }
}
