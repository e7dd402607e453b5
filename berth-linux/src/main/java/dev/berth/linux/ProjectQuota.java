package dev.berth.linux;

import static dev.berth.linux.Frame.check;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Limits of the room that a tree takes, by project quota: every file below a directory belongs to
 * the directory's project, and the file system counts and limits what a project takes. XFS and ext4
 * have it where they are mounted with {@code prjquota}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/quotactl.2.html">quotactl(2)</a>
 */
public final class ProjectQuota {
  private static final long FS_IOC_FSGETXATTR = 0x801C581FL;
  private static final long FS_IOC_FSSETXATTR = 0x401C5820L;
  private static final int ATTRIBUTES_BYTES = 28;
  private static final int PROJECT_OFFSET = 12;
  private static final int FS_XFLAG_PROJINHERIT = 0x200;
  private static final int PROJECTS = 2;
  private static final int Q_GETQUOTA = 0x800007;
  private static final int Q_SETQUOTA = 0x800008;
  private static final int QUOTA_BYTES = 72;
  private static final int SPACE_OFFSET = 16;
  private static final int FILES_OFFSET = 40;
  private static final int VALID_OFFSET = 64;
  private static final int QIF_BLIMITS = 1;
  private static final int UNIT_BYTES = 1024;

  private ProjectQuota() {}

  /**
   * What a project takes.
   *
   * @param limitBytes most it may take, 0 for no limit
   * @param usedBytes what it takes
   * @param files how many files, directories included, belong to it
   */
  public record Usage(long limitBytes, long usedBytes, long files) {
    /** What a project has to which nothing belongs. */
    public static final Usage NONE = new Usage(0, 0, 0);
  }

  /**
   * What a project takes and may take.
   *
   * @param directory anywhere in the file system
   * @return empty where the file system does not count projects, or the kernel is older than 5.14
   */
  public static Optional<Usage> usage(Fd directory, int project) {
    try (Frame frame = new Frame()) {
      MemorySegment quota = frame.allocate(QUOTA_BYTES);
      long result = quotactl(frame, directory, Q_GETQUOTA, project, quota);
      if (result == -Errno.ENOENT.number()) {
        return Optional.of(Usage.NONE);
      }
      if (result == -Errno.ESRCH.number()
          || result == -Errno.ENOSYS.number()
          || result == -Errno.EINVAL.number()
          || result == -Errno.EOPNOTSUPP.number()
          || result == -Errno.ENOTBLK.number()) {
        return Optional.empty();
      }
      check(result, "quotactl_fd", "Q_GETQUOTA", directory, project);
      ByteBuffer counts = Frame.buffer(quota);
      return Optional.of(
          new Usage(
              counts.getLong(0) * UNIT_BYTES,
              counts.getLong(SPACE_OFFSET),
              counts.getLong(FILES_OFFSET)));
    }
  }

  /**
   * Limits what a project may take.
   *
   * @param directory anywhere in the file system
   * @param limitBytes rounded up to whole units of 1024 bytes; 0 takes the limit away
   */
  public static void limit(Fd directory, int project, long limitBytes) {
    try (Frame frame = new Frame()) {
      MemorySegment quota = frame.allocate(QUOTA_BYTES);
      long units = (limitBytes + UNIT_BYTES - 1) / UNIT_BYTES;
      Frame.buffer(quota).putLong(0, units).putLong(8, units).putInt(VALID_OFFSET, QIF_BLIMITS);
      long result = quotactl(frame, directory, Q_SETQUOTA, project, quota);
      check(result, "quotactl_fd", "Q_SETQUOTA", directory, project);
    }
  }

  private static long quotactl(
      Frame frame, Fd directory, int command, int project, MemorySegment quota) {
    int typed = (command << 8) | PROJECTS;
    return frame.syscall(
        SyscallNumber.QUOTACTL_FD,
        directory.number(),
        typed & 0xFFFFFFFFL,
        project & 0xFFFFFFFFL,
        quota.address());
  }

  /** The project that a directory belongs to; 0 is that of everything else. */
  public static int project(Fd directory) {
    try (Frame frame = new Frame()) {
      return Frame.buffer(attributes(frame, directory)).getInt(PROJECT_OFFSET);
    }
  }

  /** Puts a directory, and everything that is made below it later, into a project. */
  public static void assign(Fd directory, int project) {
    try (Frame frame = new Frame()) {
      MemorySegment attributes = attributes(frame, directory);
      ByteBuffer fields = Frame.buffer(attributes);
      fields.putInt(0, fields.getInt(0) | FS_XFLAG_PROJINHERIT).putInt(PROJECT_OFFSET, project);
      long result =
          frame.syscall(
              SyscallNumber.IOCTL, directory.number(), FS_IOC_FSSETXATTR, attributes.address());
      check(result, "FS_IOC_FSSETXATTR", directory, project);
    }
  }

  private static MemorySegment attributes(Frame frame, Fd directory) {
    MemorySegment attributes = frame.allocate(ATTRIBUTES_BYTES);
    long result =
        frame.syscall(
            SyscallNumber.IOCTL, directory.number(), FS_IOC_FSGETXATTR, attributes.address());
    check(result, "FS_IOC_FSGETXATTR", directory);
    return attributes;
  }
}
