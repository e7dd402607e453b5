package dev.berth.it;

import dev.berth.testing.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition with a bound, never for a fixed time. */
final class Eventually {
  private static final Duration LIMIT = Patience.of(Duration.ofSeconds(20));

  private Eventually() {}

  static void equal(String wanted, Supplier<String> found) {
    Instant end = Instant.now().plus(LIMIT);
    String last = found.get();
    while (!Objects.equals(last, wanted)) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(
            "wanted \"" + wanted + "\" within " + LIMIT + ", found \"" + last + "\"");
      }
      EngineUnderTest.pause();
      last = found.get();
    }
  }

  static void holds(String what, BooleanSupplier condition) {
    Instant end = Instant.now().plus(LIMIT);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("not so within " + LIMIT + ": " + what);
      }
      EngineUnderTest.pause();
    }
  }
}
