package dev.berth.linux;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file descriptor that somebody owns. Whoever holds it closes it, once; using it afterwards fails
 * with {@link Errno#EBADF} instead of touching whatever took its number. Descriptors made here are
 * close-on-exec unless said otherwise.
 *
 * <p>Safe for use by several threads, except that the owner must not close it while another thread
 * is inside a call with it.
 */
public final class Fd implements AutoCloseable {
  private static final int AT_FDCWD = -100;
  private static final int CLOSED = -1;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final Map<Fd, Throwable> TRACKED = new ConcurrentHashMap<>();
  private static volatile boolean tracking;

  private final AtomicInteger number;
  private final boolean owned;

  private Fd(int number, boolean owned) {
    this.number = new AtomicInteger(number);
    this.owned = owned;
  }

  /** Takes ownership of a descriptor number. */
  public static Fd adopt(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("not a descriptor: " + number);
    }
    Fd fd = new Fd(number, true);
    if (tracking) {
      TRACKED.put(fd, new Throwable("descriptor " + number + " was opened here"));
    }
    return fd;
  }

  /** The current directory for calls that take a directory; closing it does nothing. */
  public static Fd currentDirectory() {
    return new Fd(AT_FDCWD, false);
  }

  /**
   * A descriptor that stays somebody else's, for instance 0, 1 or 2; closing it does nothing.
   *
   * @param number the descriptor
   */
  public static Fd borrow(int number) {
    return new Fd(number, false);
  }

  /**
   * The number for the kernel.
   *
   * @throws LinuxException EBADF when closed
   */
  public int number() {
    int current = number.get();
    if (current == CLOSED) {
      throw new LinuxException(Errno.EBADF, "fd", "closed");
    }
    return current;
  }

  /** Whether it is still open. */
  public boolean isOpen() {
    return number.get() != CLOSED;
  }

  /** The path by which this process reaches the same file, {@code /proc/self/fd/N}. */
  public String procPath() {
    return "/proc/self/fd/" + number();
  }

  /** A second descriptor of the same open file, close-on-exec. */
  public Fd duplicate() {
    return duplicateFrom(0);
  }

  Fd duplicateFrom(int lowest) {
    try (Frame frame = new Frame()) {
      long copy = frame.syscall(SyscallNumber.FCNTL, number(), F_DUPFD_CLOEXEC, lowest);
      return adopt((int) Frame.check(copy, "fcntl", number(), "F_DUPFD_CLOEXEC"));
    }
  }

  /** Gives up ownership: the caller gets the number and this object is as if closed. */
  public int release() {
    int current = number();
    number.set(CLOSED);
    TRACKED.remove(this);
    return current;
  }

  /** Closes it; a second call does nothing. Errors of close(2) are not reported. */
  @Override
  public void close() {
    if (!owned) {
      return;
    }
    int current = number.getAndSet(CLOSED);
    TRACKED.remove(this);
    if (current != CLOSED) {
      try (Frame frame = new Frame()) {
        frame.syscall(SyscallNumber.CLOSE, current);
      }
    }
  }

  @Override
  public String toString() {
    return "fd " + number.get();
  }

  /** Switches the recording of where each descriptor was opened; off unless a test wants it. */
  public static void trackLeaks(boolean enabled) {
    tracking = enabled;
    TRACKED.clear();
  }

  /** The stacks that opened what is open now, since tracking was switched on. */
  public static List<Throwable> openStacks() {
    return List.copyOf(TRACKED.values());
  }
}
