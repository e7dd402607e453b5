package dev.berth.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The native memory of one kernel call: its arguments and its own errno cell. Nothing is shared
 * with other threads and everything is freed on close.
 *
 * <p>All calls return the result or, on failure, the negative error number.
 */
final class Frame implements AutoCloseable {
  private static final int ALIGNMENT = 8;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment errno = arena.allocate(ALIGNMENT, ALIGNMENT);

  long syscall(int number) {
    return syscall(number, 0, 0, 0, 0, 0, 0);
  }

  long syscall(int number, long a) {
    return syscall(number, a, 0, 0, 0, 0, 0);
  }

  long syscall(int number, long a, long b) {
    return syscall(number, a, b, 0, 0, 0, 0);
  }

  long syscall(int number, long a, long b, long c) {
    return syscall(number, a, b, c, 0, 0, 0);
  }

  long syscall(int number, long a, long b, long c, long d) {
    return syscall(number, a, b, c, d, 0, 0);
  }

  long syscall(int number, long a, long b, long c, long d, long e) {
    return syscall(number, a, b, c, d, e, 0);
  }

  long syscall(int number, long a, long b, long c, long d, long e, long f) {
    long result = Native.call(Native.SYSCALL, errno, number, a, b, c, d, e, f);
    return result == -1 ? -errno.get(ValueLayout.JAVA_INT, 0) : result;
  }

  /** A library function's plain result; errno is not looked at. */
  long function(MemorySegment function, long a, long b, long c, long d, long e, long f) {
    return Native.call(function, errno, a, b, c, d, e, f, 0);
  }

  /** A zero-terminated copy of the text. */
  long string(String text) {
    byte[] bytes = KernelStrings.encode(text);
    MemorySegment copy = arena.allocate(bytes.length + 1L, 1);
    MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return copy.address();
  }

  /** A copy of the bytes. */
  long bytes(byte[] content) {
    return bytes(content, 0, content.length);
  }

  long bytes(byte[] content, int offset, int length) {
    MemorySegment copy = arena.allocate(Math.max(1, length), ALIGNMENT);
    MemorySegment.copy(content, offset, copy, ValueLayout.JAVA_BYTE, 0, length);
    return copy.address();
  }

  /** Zeroed memory. */
  MemorySegment allocate(long size) {
    return arena.allocate(Math.max(1, size), ALIGNMENT);
  }

  /** Zeroed memory seen as a buffer in the machine's byte order. */
  static ByteBuffer buffer(MemorySegment segment) {
    return segment.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    arena.close();
  }

  /** The result of a call, or its failure as an exception. */
  static long check(long result, String operation, Object... arguments) {
    if (result >= 0) {
      return result;
    }
    throw failure(result, operation, arguments);
  }

  static LinuxException failure(long result, String operation, Object... arguments) {
    StringBuilder text = new StringBuilder();
    for (Object argument : arguments) {
      text.append(text.isEmpty() ? "" : " ").append(argument);
    }
    return new LinuxException(Errno.of((int) -result), operation, text.toString());
  }
}
