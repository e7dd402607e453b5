package dev.berth.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Timers that run when a test says so. */
final class ManualTimers implements Timers {
  private final List<Waiting> waiting = new ArrayList<>();

  private static final class Waiting {
    private final Duration delay;
    private final Runnable action;

    Waiting(Duration delay, Runnable action) {
      this.delay = delay;
      this.action = action;
    }
  }

  @Override
  public synchronized Timer after(Duration delay, Runnable action) {
    Waiting timer = new Waiting(delay, action);
    waiting.add(timer);
    return () -> remove(timer);
  }

  private synchronized void remove(Waiting timer) {
    waiting.removeIf(each -> each == timer);
  }

  /** The delays of what waits. */
  synchronized List<Duration> delays() {
    return waiting.stream().map(timer -> timer.delay).toList();
  }

  /** Runs what waits longest, on the calling thread. */
  void fire() {
    Waiting next;
    synchronized (this) {
      next = waiting.removeFirst();
    }
    next.action.run();
  }
}
