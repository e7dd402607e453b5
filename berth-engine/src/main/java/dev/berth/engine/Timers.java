package dev.berth.engine;

import java.time.Duration;

/** Runs things later; a seam so that tests do not wait. */
interface Timers {
  /** Runs it after the delay on a thread of its own. */
  Timer after(Duration delay, Runnable action);

  /** Something that will run. */
  interface Timer {
    /** It will not run any more, unless it has begun. Idempotent. */
    void cancel();
  }

  /** Virtual threads that sleep. */
  static Timers real() {
    return (delay, action) -> {
      Thread thread =
          Thread.ofVirtual()
              .name("timer")
              .start(() -> {
                try {
                  Thread.sleep(delay);
                } catch (InterruptedException cancelled) {
                  return;
                }
                action.run();
              });
      return thread::interrupt;
    };
  }
}
