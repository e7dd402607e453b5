package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.PPOLL;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;

/** ppoll(2) on a few descriptors, on the calling thread. */
final class Polling {
  static final int IN = 1;
  static final int OUT = 4;
  static final int ERR = 8;
  static final int HANG_UP = 16;

  private static final int POLLFD_BYTES = 8;
  private static final int TIMESPEC_BYTES = 16;

  private Polling() {}

  /** Whether one descriptor became ready in time. */
  static boolean await(Fd fd, int events, Duration timeout) {
    return await(new int[] {fd.number()}, new int[] {events}, timeout)[0] != 0;
  }

  /**
   * Waits for any of several.
   *
   * @param numbers descriptors; negative ones are passed over
   * @return what each is ready for; all zero when the time was too short
   */
  static int[] await(int[] numbers, int[] events, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (Frame frame = new Frame()) {
      MemorySegment polled = frame.allocate((long) POLLFD_BYTES * numbers.length);
      MemorySegment limit = frame.allocate(TIMESPEC_BYTES);
      ByteBuffer entries = Frame.buffer(polled);
      for (int i = 0; i < numbers.length; i++) {
        entries.putInt(numbers[i]).putShort((short) events[i]).putShort((short) 0);
      }
      long result;
      do {
        long left = Math.max(0, deadline - System.nanoTime());
        Frame.buffer(limit).putLong(left / 1_000_000_000L).putLong(left % 1_000_000_000L);
        result = frame.syscall(PPOLL, polled.address(), numbers.length, limit.address(), 0, 8);
      } while (result == -Errno.EINTR.number());
      check(result, "ppoll");
      int[] ready = new int[numbers.length];
      for (int i = 0; i < ready.length; i++) {
        ready[i] = entries.getShort(i * POLLFD_BYTES + 6) & 0xFFFF;
      }
      return ready;
    }
  }
}
