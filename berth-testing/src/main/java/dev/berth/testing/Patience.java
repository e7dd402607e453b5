package dev.berth.testing;

import java.time.Duration;

/** Bounds of waiting, stretched where the machine is an emulated or a shared one. */
public final class Patience {
  /** A whole number: by how much everything is slower than on an ordinary machine. */
  public static final String VARIABLE = "BERTH_TEST_PATIENCE";

  private static final int FACTOR = Integer.parseInt(System.getenv().getOrDefault(VARIABLE, "1"));

  private Patience() {}

  /** The bound for this machine. */
  public static Duration of(Duration bound) {
    return bound.multipliedBy(FACTOR);
  }
}
