package dev.berth.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do, with a bound that a loaded machine keeps. */
public final class Waiting {
  private static final Duration LIMIT = Patience.of(Duration.ofSeconds(20));
  private static final long PAUSE_NANOS = 1_000_000;

  private Waiting() {}

  /**
   * Returns once the condition holds.
   *
   * @throws AssertionError when it does not within the limit
   */
  public static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not so within " + LIMIT);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
