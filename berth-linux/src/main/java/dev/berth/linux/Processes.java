package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.KILL;
import static dev.berth.linux.SyscallNumber.PRCTL;

import java.time.Duration;
import java.util.Optional;

/**
 * Processes: started, signalled, waited for. Children started here are reaped here only: the JDK's
 * reaper waits for its own children by number.
 */
public final class Processes {
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final Duration KILL_GRACE = Duration.ofSeconds(10);

  private Processes() {}

  /**
   * Starts a process. Whoever calls reaps it by {@link Pidfd#reap()} once it has ended, or by
   * {@link #await}.
   *
   * @throws LinuxException with the operation {@code exec} when the program cannot be started:
   *     ENOENT, EACCES, ENOEXEC
   */
  public static Pidfd spawn(SpawnRequest request) {
    Runnable preparation = request.preparation();
    if (request.namespaces().isEmpty() && preparation == null) {
      return start(request);
    }
    return Namespaces.in(
        request.namespaces(),
        () -> {
          if (preparation != null) {
            preparation.run();
          }
          return start(request);
        });
  }

  private static Pidfd start(SpawnRequest request) {
    int pid = PosixSpawn.spawn(request);
    try {
      return Pidfd.open(pid);
    } catch (LinuxException failure) {
      kill(pid, Signals.KILL);
      throw failure;
    }
  }

  /** Waits for a child and reaps it, on the calling thread; nothing when the time is too short. */
  public static Optional<ExitStatus> await(Pidfd child, Duration timeout) {
    return child.awaitEnd(timeout) ? child.reap() : Optional.empty();
  }

  /** Kills a child and reaps it; for children that must not outlive their purpose. */
  public static void killAndReap(Pidfd child) {
    child.sendSignal(Signals.KILL);
    await(child, KILL_GRACE);
  }

  /**
   * Sends a signal to a process (or, negative, to a group); false when there is none.
   *
   * @param signal 0 only asks whether it exists
   */
  public static boolean kill(int pid, int signal) {
    try (Frame frame = new Frame()) {
      long result = frame.syscall(KILL, pid, signal);
      if (result == -Errno.ESRCH.number()) {
        return false;
      }
      check(result, "kill", pid, signal);
      return true;
    }
  }

  /** Makes this process the parent of orphans among its descendants. */
  public static void becomeSubreaper() {
    try (Frame frame = new Frame()) {
      check(frame.syscall(PRCTL, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl", "subreaper");
    }
  }
}
