package dev.berth.linux;

import static dev.berth.linux.Frame.check;

import java.lang.foreign.MemorySegment;

/**
 * A file that serves as a block device. The device is let go by the kernel when its last user
 * closes or unmounts it, so that nothing is left after a crash: keep it open until it is mounted.
 *
 * @see <a href="https://man7.org/linux/man-pages/man4/loop.4.html">loop(4)</a>
 */
public final class LoopDevice implements AutoCloseable {
  private static final long LOOP_CTL_GET_FREE = 0x4C82;
  private static final long LOOP_CONFIGURE = 0x4C0A;
  private static final int CONFIG_BYTES = 304;
  private static final int FLAGS_OFFSET = 60;
  private static final int NAME_OFFSET = 64;
  private static final int NAME_LIMIT_BYTES = 63;
  private static final int LO_FLAGS_READ_ONLY = 1;
  private static final int LO_FLAGS_AUTOCLEAR = 4;
  private static final int ATTEMPTS = 64;

  private final String path;
  private final Fd device;

  private LoopDevice(String path, Fd device) {
    this.path = path;
    this.device = device;
  }

  /**
   * Takes a free device for a file.
   *
   * @param file open, writable unless {@code readOnly}; may be closed afterwards
   * @param name shown by losetup
   * @throws LinuxException EBUSY when others take every free device first
   */
  public static LoopDevice attach(Fd file, String name, boolean readOnly) {
    try (Fd control = FileCalls.open("/dev/loop-control", FileFlags.O_RDWR)) {
      for (int attempt = 1; ; attempt++) {
        try {
          return configure("/dev/loop" + free(control), file, name, readOnly);
        } catch (LinuxException failure) {
          if (!failure.is(Errno.EBUSY) || attempt == ATTEMPTS) {
            throw failure;
          }
        }
      }
    }
  }

  private static long free(Fd control) {
    try (Frame frame = new Frame()) {
      long number = frame.syscall(SyscallNumber.IOCTL, control.number(), LOOP_CTL_GET_FREE);
      return check(number, "LOOP_CTL_GET_FREE");
    }
  }

  private static LoopDevice configure(String path, Fd file, String name, boolean readOnly) {
    Fd device = FileCalls.open(path, readOnly ? FileFlags.O_RDONLY : FileFlags.O_RDWR);
    try (Frame frame = new Frame()) {
      MemorySegment config = frame.allocate(CONFIG_BYTES);
      byte[] label = KernelStrings.encode(name);
      Frame.buffer(config)
          .putInt(0, file.number())
          .putInt(FLAGS_OFFSET, LO_FLAGS_AUTOCLEAR | (readOnly ? LO_FLAGS_READ_ONLY : 0))
          .put(NAME_OFFSET, label, 0, Math.min(label.length, NAME_LIMIT_BYTES));
      long result =
          frame.syscall(SyscallNumber.IOCTL, device.number(), LOOP_CONFIGURE, config.address());
      check(result, "LOOP_CONFIGURE", path, name);
      return new LoopDevice(path, device);
    } catch (LinuxException failure) {
      device.close();
      throw failure;
    }
  }

  /** The device, for instance {@code /dev/loop3}. */
  public String path() {
    return path;
  }

  /** Closes it; the device lives on while it is mounted. */
  @Override
  public void close() {
    device.close();
  }
}
