package dev.berth.linux;

import static dev.berth.linux.SyscallNumber.FSCONFIG;

import java.nio.charset.StandardCharsets;

/**
 * A file system that is being configured: set options, create, mount. What the kernel says about a
 * failure is in the exception.
 *
 * <p>Not safe for use by several threads.
 *
 * @see <a href="https://www.kernel.org/doc/html/latest/filesystems/mount_api.html">mount API</a>
 */
public final class FileSystemContext implements AutoCloseable {
  private static final int FSCONFIG_SET_FLAG = 0;
  private static final int FSCONFIG_SET_STRING = 1;
  private static final int FSCONFIG_SET_FD = 5;
  private static final int FSCONFIG_CMD_CREATE = 6;
  private static final int MESSAGE_BYTES = 1024;
  private static final int MESSAGES = 16;

  private final String type;
  private final Fd context;

  FileSystemContext(String type, Fd context) {
    this.type = type;
    this.context = context;
  }

  /** Sets an option with a value, for instance {@code source} or overlayfs's {@code lowerdir+}. */
  public FileSystemContext set(String option, String value) {
    try (Frame frame = new Frame()) {
      long name = frame.string(option);
      long text = frame.string(value);
      configure(frame.syscall(FSCONFIG, context.number(), FSCONFIG_SET_STRING, name, text), option);
    }
    return this;
  }

  /** Sets an option without a value, for instance {@code ro}. */
  public FileSystemContext setFlag(String option) {
    try (Frame frame = new Frame()) {
      long name = frame.string(option);
      configure(frame.syscall(FSCONFIG, context.number(), FSCONFIG_SET_FLAG, name), option);
    }
    return this;
  }

  /** Sets an option to an open file; overlayfs takes its layers so since Linux 6.13. */
  public FileSystemContext set(String option, Fd value) {
    try (Frame frame = new Frame()) {
      long name = frame.string(option);
      int file = value.number();
      configure(frame.syscall(FSCONFIG, context.number(), FSCONFIG_SET_FD, name, 0, file), option);
    }
    return this;
  }

  /**
   * Makes the file system and a detached mount of it, for {@link Mounts#moveMount}.
   *
   * @param attributes a sum of {@code MOUNT_ATTR_} constants
   */
  public Fd mount(long attributes) {
    try (Frame frame = new Frame()) {
      configure(frame.syscall(FSCONFIG, context.number(), FSCONFIG_CMD_CREATE), "create");
    }
    return Mounts.fsmount(context, type, attributes);
  }

  private void configure(long result, String option) {
    if (result < 0) {
      Errno errno = Errno.of((int) -result);
      throw new LinuxException(errno, "fsconfig", type + " " + option, messages());
    }
  }

  private String messages() {
    StringBuilder all = new StringBuilder();
    byte[] message = new byte[MESSAGE_BYTES];
    for (int i = 0; i < MESSAGES; i++) {
      try {
        int length = FileData.read(context, message, 0, message.length);
        String text = new String(message, 0, length, StandardCharsets.UTF_8).strip();
        all.append(all.isEmpty() ? "" : "; ").append(text);
      } catch (LinuxException noMore) {
        break;
      }
    }
    return all.toString();
  }

  @Override
  public void close() {
    context.close();
  }
}
