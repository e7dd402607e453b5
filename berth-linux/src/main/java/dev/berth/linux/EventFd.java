package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.EVENTFD2;

/**
 * A counter in the kernel that wakes whoever waits for its descriptor.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/eventfd.2.html">eventfd(2)</a>
 */
public final class EventFd implements AutoCloseable {
  private static final int COUNTER_BYTES = 8;

  private final Fd fd;

  private EventFd(Fd fd) {
    this.fd = fd;
  }

  /** Makes one at zero; reads and writes never wait. */
  public static EventFd create() {
    try (Frame frame = new Frame()) {
      long flags = FileFlags.O_CLOEXEC | FileFlags.O_NONBLOCK;
      return new EventFd(Fd.adopt((int) check(frame.syscall(EVENTFD2, 0, flags), "eventfd2")));
    }
  }

  /** The descriptor, readable while the counter is above zero. */
  public Fd fd() {
    return fd;
  }

  /** Adds one. */
  public void signal() {
    byte[] one = new byte[COUNTER_BYTES];
    one[0] = 1; // both architectures are little-endian
    FileData.write(fd, one, 0, one.length);
  }

  /** Back to zero. */
  public void reset() {
    try {
      byte[] counter = new byte[COUNTER_BYTES];
      FileData.read(fd, counter, 0, counter.length);
    } catch (LinuxException failure) {
      if (!failure.is(Errno.EAGAIN)) {
        throw failure;
      }
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
