package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.PIDFD_GETFD;
import static dev.berth.linux.SyscallNumber.PIDFD_OPEN;
import static dev.berth.linux.SyscallNumber.PIDFD_SEND_SIGNAL;
import static dev.berth.linux.SyscallNumber.WAITID;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;

/**
 * A process that cannot be mistaken for another one after it has ended. Its descriptor becomes
 * readable when the process ends: register it with an {@link EventLoop}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>
 */
public final class Pidfd implements AutoCloseable {
  private static final int P_PIDFD = 3;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;

  private final int pid;
  private final Fd fd;

  private Pidfd(int pid, Fd fd) {
    this.pid = pid;
    this.fd = fd;
  }

  /** Opens a process; ESRCH when there is none. */
  public static Pidfd open(int pid) {
    try (Frame frame = new Frame()) {
      long result = frame.syscall(PIDFD_OPEN, pid, 0);
      return new Pidfd(pid, Fd.adopt((int) check(result, "pidfd_open", pid)));
    }
  }

  /** Its number in the engine's PID namespace. */
  public int pid() {
    return pid;
  }

  /** The descriptor, for an {@link EventLoop} and for setns; it stays owned by this object. */
  public Fd fd() {
    return fd;
  }

  /** Sends a signal; false when the process has ended. */
  public boolean sendSignal(int signal) {
    try (Frame frame = new Frame()) {
      long result = frame.syscall(PIDFD_SEND_SIGNAL, fd.number(), signal, 0, 0);
      if (result == -Errno.ESRCH.number()) {
        return false;
      }
      check(result, "pidfd_send_signal", pid, signal);
      return true;
    }
  }

  /** Whether it has ended; true as well for a child that nobody has reaped yet. */
  public boolean hasEnded() {
    return Polling.await(fd, Polling.IN, Duration.ZERO);
  }

  /** Waits for the end on the calling thread; false when the time was too short. */
  public boolean awaitEnd(Duration timeout) {
    return Polling.await(fd, Polling.IN, timeout);
  }

  /**
   * Takes the exit status of a child of the engine that has ended, once; nothing while it runs.
   * ECHILD when it is no child or was reaped before.
   */
  public Optional<ExitStatus> reap() {
    try (Frame frame = new Frame()) {
      MemorySegment info = frame.allocate(ExitStatus.STRUCT_BYTES);
      long flags = WEXITED | WNOHANG;
      check(frame.syscall(WAITID, P_PIDFD, fd.number(), info.address(), flags, 0), "waitid", pid);
      var siginfo = Frame.buffer(info);
      return siginfo.getInt(16) == 0 ? Optional.empty() : Optional.of(ExitStatus.decode(siginfo));
    }
  }

  /** A copy of a descriptor of the process. */
  public Fd descriptor(int number) {
    try (Frame frame = new Frame()) {
      long result = frame.syscall(PIDFD_GETFD, fd.number(), number, 0);
      return Fd.adopt((int) check(result, "pidfd_getfd", pid, number));
    }
  }

  /** Closes the descriptor; the process goes on. */
  @Override
  public void close() {
    fd.close();
  }
}
