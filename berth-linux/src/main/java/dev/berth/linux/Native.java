package dev.berth.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The one downcall handle of the engine: seven machine words in, one out, errno captured. Every
 * shape of downcall costs start-up, so that all functions in use, {@code syscall(2)} above all, go
 * through this one; a function that takes fewer words ignores the rest.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/syscall.2.html">syscall(2)</a>
 */
@SuppressWarnings("restricted")
final class Native {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG),
          Linker.Option.captureCallState("errno"));

  static final MemorySegment SYSCALL = symbol("syscall");

  private Native() {}

  /** The address of a function of the C library. */
  static MemorySegment symbol(String name) {
    return LINKER
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new LinuxException(Errno.ENOSYS, "dlsym", name));
  }

  static long call(
      MemorySegment function,
      MemorySegment errno,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f,
      long g) {
    try {
      return (long) CALL.invokeExact(function, errno, a, b, c, d, e, f, g);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** The zero-terminated text at an address that a library returned; empty for a null pointer. */
  static String text(long address, long limit) {
    return address == 0 ? "" : MemorySegment.ofAddress(address).reinterpret(limit).getString(0);
  }
}
