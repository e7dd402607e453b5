package dev.berth.linux;

import java.nio.ByteBuffer;

/**
 * How a process ended.
 *
 * @param code its exit code, or the signal's number when {@code signaled}
 * @param signaled whether a signal ended it
 */
public record ExitStatus(int code, boolean signaled) {
  static final int STRUCT_BYTES = 128;
  private static final int CLD_EXITED = 1;
  private static final int SIGNAL_BASE = 128;

  /** What a shell and Docker report: the code, or 128 and the signal's number. */
  public int shellCode() {
    return signaled ? SIGNAL_BASE + code : code;
  }

  /** Whether it ended with code 0. */
  public boolean isSuccess() {
    return !signaled && code == 0;
  }

  static ExitStatus decode(ByteBuffer siginfo) {
    return new ExitStatus(siginfo.getInt(24), siginfo.getInt(8) != CLD_EXITED);
  }
}
