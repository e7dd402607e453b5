package dev.berth.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until a test moves it; safe for use by several threads. */
public final class ManualClock implements InstantSource {
  private final AtomicReference<Instant> now;

  /** Begins at a time. */
  public ManualClock(Instant start) {
    now = new AtomicReference<>(start);
  }

  /** Begins at a fixed time in 2026. */
  public static ManualClock atFixedStart() {
    return new ManualClock(Instant.parse("2026-01-02T03:04:05Z"));
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  /** Moves on. */
  public void advance(Duration by) {
    now.updateAndGet(time -> time.plus(by));
  }

  /** Jumps. */
  public void set(Instant time) {
    now.set(time);
  }
}
