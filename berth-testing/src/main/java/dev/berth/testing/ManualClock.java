package dev.berth.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it; safe for use by several threads. */
public final class ManualClock implements InstantSource {
  private volatile Instant now;

  /** Begins at a time. */
  public ManualClock(Instant start) {
    now = start;
  }

  /** Begins at a fixed time in 2026. */
  public static ManualClock atFixedStart() {
    return new ManualClock(Instant.parse("2026-01-02T03:04:05Z"));
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Moves on. */
  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }

  /** Jumps. */
  public synchronized void set(Instant time) {
    now = time;
  }
}
