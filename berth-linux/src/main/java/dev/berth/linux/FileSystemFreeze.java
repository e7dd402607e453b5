package dev.berth.linux;

import static dev.berth.linux.Frame.check;

/**
 * Holds a whole file system still: what is written to it waits, and what was written is on the
 * disk. Whoever freezes must not write to that file system before it thaws it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man8/fsfreeze.8.html">fsfreeze(8)</a>
 */
public final class FileSystemFreeze {
  private static final long FIFREEZE = 0xC0045877L;
  private static final long FITHAW = 0xC0045878L;

  private FileSystemFreeze() {}

  /**
   * Freezes the file system of an open directory.
   *
   * @throws LinuxException EBUSY when it is frozen already, EOPNOTSUPP when it cannot be
   */
  public static void freeze(Fd directory) {
    call(FIFREEZE, "FIFREEZE", directory);
  }

  /**
   * Lets it go on.
   *
   * @throws LinuxException EINVAL when it is not frozen
   */
  public static void thaw(Fd directory) {
    call(FITHAW, "FITHAW", directory);
  }

  private static void call(long request, String name, Fd directory) {
    try (Frame frame = new Frame()) {
      check(frame.syscall(SyscallNumber.IOCTL, directory.number(), request, 0), name, directory);
    }
  }
}
