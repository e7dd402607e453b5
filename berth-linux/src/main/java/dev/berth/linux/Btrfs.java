package dev.berth.linux;

import static dev.berth.linux.Frame.check;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Subvolumes of btrfs and limits of their size.
 *
 * @see <a href="https://btrfs.readthedocs.io/en/latest/btrfs-ioctl.html">btrfs-ioctl(2)</a>
 */
public final class Btrfs {
  /** The inode of every subvolume's root. */
  public static final long SUBVOLUME_INODE = 256;

  /** A request of ioctl(2). */
  private record Request(long number, String name) {}

  private static final Request SNAP_DESTROY = new Request(0x5000940FL, "BTRFS_IOC_SNAP_DESTROY");
  private static final Request SNAP_CREATE_V2 =
      new Request(0x50009417L, "BTRFS_IOC_SNAP_CREATE_V2");
  private static final Request SUBVOL_CREATE_V2 =
      new Request(0x50009418L, "BTRFS_IOC_SUBVOL_CREATE_V2");
  private static final Request SUBVOL_SETFLAGS =
      new Request(0x4008941AL, "BTRFS_IOC_SUBVOL_SETFLAGS");
  private static final Request INO_LOOKUP = new Request(0xD0009412L, "BTRFS_IOC_INO_LOOKUP");
  private static final Request QUOTA_CTL = new Request(0xC0109428L, "BTRFS_IOC_QUOTA_CTL");
  private static final Request QGROUP_CREATE = new Request(0x4010942AL, "BTRFS_IOC_QGROUP_CREATE");
  private static final Request QGROUP_LIMIT = new Request(0x8030942BL, "BTRFS_IOC_QGROUP_LIMIT");
  private static final Request QUOTA_RESCAN = new Request(0x4040942CL, "BTRFS_IOC_QUOTA_RESCAN");
  private static final long QUOTA_RESCAN_WAIT = 0x942EL;
  private static final int ARGUMENTS_BYTES = 4096;
  private static final int NAME_OFFSET = 8;
  private static final int NAME_OFFSET_V2 = 56;
  private static final int LONGEST_NAME = 255;
  private static final long QUOTA_ENABLE = 1;
  private static final long LIMIT_REFERENCED = 1;

  private Btrfs() {}

  /** Makes an empty subvolume. */
  public static void createSubvolume(Fd parent, String name) {
    try (Frame frame = new Frame()) {
      MemorySegment arguments = named(frame, name, NAME_OFFSET_V2);
      ioctl(frame, parent, SUBVOL_CREATE_V2, arguments, name);
    }
  }

  /** Makes a writable subvolume that shares everything with another at first. */
  public static void snapshot(Fd source, Fd parent, String name) {
    try (Frame frame = new Frame()) {
      MemorySegment arguments = named(frame, name, NAME_OFFSET_V2);
      Frame.buffer(arguments).putLong(0, source.number());
      ioctl(frame, parent, SNAP_CREATE_V2, arguments, name);
    }
  }

  /**
   * Takes a subvolume away with all that is in it, except other subvolumes: ENOTEMPTY where there
   * are some.
   */
  public static void destroySubvolume(Fd parent, String name) {
    try (Frame frame = new Frame()) {
      MemorySegment arguments = named(frame, name, NAME_OFFSET);
      ioctl(frame, parent, SNAP_DESTROY, arguments, name);
    }
  }

  /** Makes a subvolume writable that somebody may have made read-only. */
  public static void makeWritable(Fd subvolume) {
    try (Frame frame = new Frame()) {
      ioctl(frame, subvolume, SUBVOL_SETFLAGS, frame.allocate(8), "");
    }
  }

  /** The number of the subvolume that an open directory belongs to. */
  public static long subvolumeId(Fd directory) {
    try (Frame frame = new Frame()) {
      MemorySegment arguments = frame.allocate(ARGUMENTS_BYTES);
      Frame.buffer(arguments).putLong(8, SUBVOLUME_INODE);
      ioctl(frame, directory, INO_LOOKUP, arguments, "");
      return Frame.buffer(arguments).getLong(0);
    }
  }

  /** Has the file system count what each subvolume takes; done already is fine. */
  public static void enableQuota(Fd directory) {
    try (Frame frame = new Frame()) {
      MemorySegment arguments = frame.allocate(16);
      Frame.buffer(arguments).putLong(0, QUOTA_ENABLE);
      ioctl(frame, directory, QUOTA_CTL, arguments, "");
    }
  }

  /** Has the file system count afresh, soon; a count that is under way is fine. */
  public static void recount(Fd directory) {
    try (Frame frame = new Frame()) {
      ioctl(frame, directory, QUOTA_RESCAN, frame.allocate(64), "");
    } catch (LinuxException e) {
      if (!e.is(Errno.EINPROGRESS)) {
        throw e;
      }
    }
  }

  /** Waits for the count that is under way. */
  public static void awaitCount(Fd directory) {
    try (Frame frame = new Frame()) {
      long result = frame.syscall(SyscallNumber.IOCTL, directory.number(), QUOTA_RESCAN_WAIT, 0);
      check(result, "BTRFS_IOC_QUOTA_RESCAN_WAIT", directory);
    }
  }

  /** Limits what a subvolume may refer to; ENOENT where the file system does not count. */
  public static void limit(Fd subvolume, long bytes) {
    try (Frame frame = new Frame()) {
      MemorySegment arguments = frame.allocate(48);
      Frame.buffer(arguments).putLong(8, LIMIT_REFERENCED).putLong(16, bytes);
      ioctl(frame, subvolume, QGROUP_LIMIT, arguments, bytes);
    }
  }

  /** Forgets the count of a subvolume that is gone. */
  public static void removeQuotaGroup(Fd directory, long subvolumeId) {
    try (Frame frame = new Frame()) {
      MemorySegment arguments = frame.allocate(16);
      Frame.buffer(arguments).putLong(8, subvolumeId);
      ioctl(frame, directory, QGROUP_CREATE, arguments, subvolumeId);
    }
  }

  private static MemorySegment named(Frame frame, String name, int offset) {
    byte[] encoded = KernelStrings.encode(name);
    if (encoded.length > LONGEST_NAME) {
      throw new LinuxException(Errno.ENAMETOOLONG, "btrfs", name);
    }
    MemorySegment arguments = frame.allocate(ARGUMENTS_BYTES);
    ByteBuffer buffer = Frame.buffer(arguments);
    buffer.put(offset, encoded);
    return arguments;
  }

  private static void ioctl(
      Frame frame, Fd file, Request request, MemorySegment arguments, Object about) {
    long result =
        frame.syscall(SyscallNumber.IOCTL, file.number(), request.number(), arguments.address());
    check(result, request.name(), file, about);
  }
}
