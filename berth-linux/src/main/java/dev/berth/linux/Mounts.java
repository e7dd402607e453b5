package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.MountFlags.MS_BIND;
import static dev.berth.linux.MountFlags.MS_PRIVATE;
import static dev.berth.linux.MountFlags.MS_RDONLY;
import static dev.berth.linux.MountFlags.MS_REC;
import static dev.berth.linux.MountFlags.MS_REMOUNT;
import static dev.berth.linux.MountFlags.MS_SHARED;
import static dev.berth.linux.MountFlags.MS_SLAVE;
import static dev.berth.linux.MountFlags.MS_UNBINDABLE;
import static dev.berth.linux.SyscallNumber.FSMOUNT;
import static dev.berth.linux.SyscallNumber.FSOPEN;
import static dev.berth.linux.SyscallNumber.MOUNT;
import static dev.berth.linux.SyscallNumber.MOUNT_SETATTR;
import static dev.berth.linux.SyscallNumber.MOVE_MOUNT;
import static dev.berth.linux.SyscallNumber.OPEN_TREE;
import static dev.berth.linux.SyscallNumber.UMOUNT2;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The mount calls, old and new. All act on the mount namespace of the calling thread, which for
 * every thread that has not entered another one is that of the process.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/mount.2.html">mount(2)</a>
 * @see <a
 *     href="https://man7.org/linux/man-pages/man7/mount_namespaces.7.html">mount_namespaces(7)</a>
 */
public final class Mounts {
  private static final int OPEN_TREE_CLOEXEC = FileFlags.O_CLOEXEC;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final int MOVE_MOUNT_T_EMPTY_PATH = 0x40;
  private static final int MOUNT_ATTR_BYTES = 32;
  private static final long PROPAGATION = MS_SHARED | MS_SLAVE | MS_PRIVATE | MS_UNBINDABLE;

  private Mounts() {}

  /**
   * mount(2).
   *
   * @param source device, directory or any word; may be empty
   * @param target where
   * @param type file system, for instance {@code overlay}; may be empty
   * @param flags a sum of {@code MS_} constants
   * @param data the file system's own options, at most a page; may be empty
   */
  public static void mount(String source, String target, String type, long flags, String data) {
    try (Frame frame = new Frame()) {
      long from = source.isEmpty() ? 0 : frame.string(source);
      long kind = type.isEmpty() ? 0 : frame.string(type);
      long options = data.isEmpty() ? 0 : frame.string(data);
      long result = frame.syscall(MOUNT, from, frame.string(target), kind, flags, options);
      check(result, "mount", type.isEmpty() ? source : type, target);
    }
  }

  /**
   * Takes a mount away.
   *
   * @param flags {@link MountFlags#MNT_DETACH}, {@link MountFlags#UMOUNT_NOFOLLOW} or 0
   */
  public static void umount2(String target, int flags) {
    try (Frame frame = new Frame()) {
      check(frame.syscall(UMOUNT2, frame.string(target), flags), "umount2", target);
    }
  }

  /** Takes a mount away at once; nothing happens when there is none or the path is missing. */
  public static void detachIfMounted(String target) {
    try {
      umount2(target, MountFlags.MNT_DETACH | MountFlags.UMOUNT_NOFOLLOW);
    } catch (LinuxException failure) {
      if (!failure.is(Errno.EINVAL) && !failure.is(Errno.ENOENT)) {
        throw failure;
      }
    }
  }

  /** Shows a tree at a second place, with the mounts below it when {@code recursive}. */
  public static void bind(String source, String target, boolean recursive) {
    mount(source, target, "", MS_BIND | (recursive ? MS_REC : 0), "");
  }

  /** Makes an existing bind mount read-only, keeping the flags it has. */
  public static void remountReadOnly(String target) {
    mount("", target, "", MS_REMOUNT | MS_BIND | MS_RDONLY | keptFlags(target), "");
  }

  private static long keptFlags(String target) {
    // The low bits of statfs flags have the same values as the MS_ constants.
    long mask =
        MountFlags.MS_NOSUID
            | MountFlags.MS_NODEV
            | MountFlags.MS_NOEXEC
            | MountFlags.MS_NOATIME
            | MountFlags.MS_NODIRATIME;
    return FileCalls.statfs(target).flags() & mask;
  }

  /**
   * Sets how mounts below a place travel.
   *
   * @param flags one of MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE, perhaps with MS_REC
   */
  public static void propagation(String target, long flags) {
    if ((flags & PROPAGATION) == 0) {
      throw new IllegalArgumentException("no propagation flag in " + flags);
    }
    mount("", target, "", flags, "");
  }

  /**
   * Opens a mount or, with {@link MountFlags#OPEN_TREE_CLONE}, makes a detached copy of it.
   *
   * @param flags OPEN_TREE_CLONE, AT_RECURSIVE, AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW
   */
  public static Fd openTree(Fd directory, String path, int flags) {
    try (Frame frame = new Frame()) {
      long name = frame.string(path);
      long all = flags | OPEN_TREE_CLOEXEC;
      long result = frame.syscall(OPEN_TREE, directory.number(), name, all);
      return Fd.adopt((int) check(result, "open_tree", path));
    }
  }

  /** Attaches a detached mount at a path below a directory; an empty path is the directory. */
  public static void moveMount(Fd tree, Fd toDirectory, String path) {
    try (Frame frame = new Frame()) {
      long flags = MOVE_MOUNT_F_EMPTY_PATH | (path.isEmpty() ? MOVE_MOUNT_T_EMPTY_PATH : 0);
      long nothing = frame.string("");
      long to = frame.string(path);
      long result =
          frame.syscall(MOVE_MOUNT, tree.number(), nothing, toDirectory.number(), to, flags);
      check(result, "move_mount", path);
    }
  }

  /**
   * Changes attributes of an open mount.
   *
   * @param set attributes to set, {@code MOUNT_ATTR_} constants
   * @param clear attributes to clear
   * @param propagation one of the MS_ propagation flags, or 0
   * @param recursive all mounts below as well
   */
  public static void setAttributes(
      Fd tree, long set, long clear, long propagation, boolean recursive) {
    try (Frame frame = new Frame()) {
      MemorySegment attributes = frame.allocate(MOUNT_ATTR_BYTES);
      Frame.buffer(attributes).putLong(set).putLong(clear).putLong(propagation);
      long flags = FileFlags.AT_EMPTY_PATH | (recursive ? FileFlags.AT_RECURSIVE : 0);
      long nothing = frame.string("");
      long at = attributes.address();
      long result =
          frame.syscall(MOUNT_SETATTR, tree.number(), nothing, flags, at, MOUNT_ATTR_BYTES);
      check(result, "mount_setattr", tree);
    }
  }

  /** Begins to configure a new file system of a type. */
  public static FileSystemContext fsopen(String type) {
    try (Frame frame = new Frame()) {
      long result = frame.syscall(FSOPEN, frame.string(type), 1);
      return new FileSystemContext(type, Fd.adopt((int) check(result, "fsopen", type)));
    }
  }

  static Fd fsmount(Fd context, String type, long attributes) {
    try (Frame frame = new Frame()) {
      long result = frame.syscall(FSMOUNT, context.number(), 1, attributes);
      return Fd.adopt((int) check(result, "fsmount", type));
    }
  }

  /** The mounts of the calling thread's mount namespace. */
  public static List<MountInfo> list() {
    return read("/proc/thread-self/mountinfo");
  }

  /** The mounts a process sees. */
  public static List<MountInfo> list(int pid) {
    return read("/proc/" + pid + "/mountinfo");
  }

  private static List<MountInfo> read(String table) {
    try {
      return MountInfo.parse(Files.readString(Path.of(table)));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
