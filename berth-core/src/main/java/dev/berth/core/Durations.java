package dev.berth.core;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * How often something was done and how long it took, counted in classes of duration: what a
 * histogram is made of. Adding costs some tens of nanoseconds and never waits. Safe for use by any
 * thread; a snapshot taken meanwhile may lack what is just being added.
 */
public final class Durations {
  private static final double NANOSECONDS = 1e9;
  private static final double[] ACTIONS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };
  private static final double[] CALLS = {
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.05,
    0.1, 0.5, 1, 5
  };

  private final double[] boundsSeconds;
  private final LongAdder[] counts;
  private final LongAdder totalNanos = new LongAdder();

  private Durations(double[] boundsSeconds) {
    this.boundsSeconds = boundsSeconds;
    this.counts =
        IntStream.rangeClosed(0, boundsSeconds.length)
            .mapToObj(i -> new LongAdder())
            .toArray(LongAdder[]::new);
  }

  /** Of what takes milliseconds to seconds, in the classes of Docker's own timers. */
  public static Durations ofActions() {
    return new Durations(ACTIONS);
  }

  /** Of what takes microseconds to milliseconds. */
  public static Durations ofCalls() {
    return new Durations(CALLS);
  }

  /** It was done once more. */
  public void add(long nanos) {
    add(nanos, 1);
  }

  /** It was done so many times more, each of which took so long. */
  public void add(long nanos, int times) {
    double seconds = nanos / NANOSECONDS;
    int bucket = 0;
    while (bucket < boundsSeconds.length && seconds > boundsSeconds[bucket]) {
      bucket++;
    }
    counts[bucket].add(times);
    totalNanos.add(nanos * times);
  }

  /**
   * What was counted so far.
   *
   * @param boundsSeconds the upper end of each class but the last one, which has none
   * @param counts in each class
   * @param totalSeconds all durations together
   */
  public record Snapshot(double[] boundsSeconds, long[] counts, double totalSeconds) {}

  /** What was counted so far. */
  public Snapshot snapshot() {
    return new Snapshot(
        boundsSeconds.clone(),
        Arrays.stream(counts).mapToLong(LongAdder::sum).toArray(),
        totalNanos.sum() / NANOSECONDS);
  }
}
