package dev.berth.testing;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Random numbers that come again: the seed is fixed, or taken from {@code berth.test.seed}. */
public final class SeededRandom {
  private static final long DEFAULT_SEED = 20260102L;

  private SeededRandom() {}

  /** A new generator at the start of its sequence. */
  public static RandomGenerator create() {
    return create(Long.getLong("berth.test.seed", DEFAULT_SEED));
  }

  /** A new generator for a seed. */
  public static RandomGenerator create(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
