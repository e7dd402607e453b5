package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.GETSOCKOPT;
import static dev.berth.linux.SyscallNumber.SETSOCKOPT;

import java.lang.foreign.MemorySegment;

/** Socket options whose value is one int. */
final class SocketOptions {
  static final int SOL_SOCKET = 1;
  static final int SO_REUSEADDR = 2;
  static final int SO_ERROR = 4;
  static final int SO_PEERCRED = 17;
  static final int SO_RCVBUFFORCE = 33;
  static final int SO_RCVBUF = 8;
  static final int SO_SNDBUF = 7;
  static final int SO_SNDBUFFORCE = 32;

  private SocketOptions() {}

  static void set(Fd fd, int level, int option, int value) {
    check(trySet(fd, level, option, value), "setsockopt", level, option);
  }

  private static long trySet(Fd fd, int level, int option, int value) {
    try (Frame frame = new Frame()) {
      MemorySegment word = frame.allocate(4);
      Frame.buffer(word).putInt(value);
      return frame.syscall(SETSOCKOPT, fd.number(), level, option, word.address(), 4);
    }
  }

  /** Both buffers, past the limit of the system where the process may, up to it otherwise. */
  static void setBuffersForced(Fd fd, int bytes) {
    if (trySet(fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes) < 0) {
      set(fd, SOL_SOCKET, SO_RCVBUF, bytes);
    }
    if (trySet(fd, SOL_SOCKET, SO_SNDBUFFORCE, bytes) < 0) {
      set(fd, SOL_SOCKET, SO_SNDBUF, bytes);
    }
  }

  static int get(Fd fd, int level, int option) {
    try (Frame frame = new Frame()) {
      MemorySegment word = frame.allocate(4);
      MemorySegment length = frame.allocate(4);
      Frame.buffer(length).putInt(4);
      check(
          frame.syscall(GETSOCKOPT, fd.number(), level, option, word.address(), length.address()),
          "getsockopt",
          level,
          option);
      return Frame.buffer(word).getInt(0);
    }
  }
}
