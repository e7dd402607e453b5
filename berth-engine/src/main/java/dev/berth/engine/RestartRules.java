package dev.berth.engine;

import java.time.Duration;

/** Docker's restart policies as pure functions. */
final class RestartRules {
  private static final Duration FIRST_DELAY = Duration.ofMillis(100);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

  private RestartRules() {}

  /**
   * Whether a container whose process ended is started again.
   *
   * @param exitCode of the process
   * @param restartCount restarts since the last start by a user
   * @param stoppedByUser whether the ending was asked for
   */
  static boolean restarts(
      RestartPolicy policy, int exitCode, int restartCount, boolean stoppedByUser) {
    if (stoppedByUser || policy.never()) {
      return false;
    }
    if (policy.onFailure()) {
      int limit = policy.maximumRetryCount();
      return exitCode != 0 && (limit == 0 || restartCount < limit);
    }
    return true;
  }

  /** Whether a container that did not run is started when the engine starts. */
  static boolean startsWithEngine(RestartPolicy policy, boolean stoppedByUser) {
    return policy.always() || (policy.unlessStopped() && !stoppedByUser);
  }

  /**
   * How long to wait before the next start.
   *
   * @param previous the delay before, or zero
   * @param ran how long the process ran; long enough forgets the previous delay
   */
  static Duration delay(Duration previous, Duration ran) {
    if (previous.isZero() || ran.compareTo(LONG_ENOUGH) >= 0) {
      return FIRST_DELAY;
    }
    Duration doubled = previous.multipliedBy(2);
    return doubled.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : doubled;
  }
}
