package dev.berth.it;

import java.time.Duration;

/** Bounds of waiting, stretched where the machine is an emulated one. */
final class Patience {
  /** A whole number: by how much everything is slower than on an ordinary machine. */
  static final String VARIABLE = "BERTH_TEST_PATIENCE";

  private static final int FACTOR = Integer.parseInt(System.getenv().getOrDefault(VARIABLE, "1"));

  private Patience() {}

  static Duration of(Duration bound) {
    return bound.multipliedBy(FACTOR);
  }
}
