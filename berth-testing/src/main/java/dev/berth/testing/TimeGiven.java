package dev.berth.testing;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Begins no further test once the time given to the run is over ({@code bin/test --within}), and
 * says which those are. A machine that is too slow for all of them then still tells how those went
 * that it came to.
 */
public final class TimeGiven implements ExecutionCondition {
  private static final String VARIABLE = "BERTH_TEST_UNTIL";
  private static final @Nullable Instant END = end(System.getenv(VARIABLE));

  /** For JUnit, which finds it as a service. */
  public TimeGiven() {}

  private static @Nullable Instant end(@Nullable String epochSeconds) {
    return epochSeconds == null || epochSeconds.isEmpty()
        ? null
        : Instant.ofEpochSecond(Long.parseLong(epochSeconds));
  }

  /** The time that may still be taken for what would take so long: never more, never below zero. */
  public static Duration atMost(Duration wanted) {
    if (END == null) {
      return wanted;
    }
    Duration left = Duration.between(Instant.now(), END);
    return left.isNegative() ? Duration.ZERO : left.compareTo(wanted) < 0 ? left : wanted;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (END == null || Instant.now().isBefore(END)) {
      return ConditionEvaluationResult.enabled("there is time");
    }
    String reason = "not begun, as the time given to this run is over: " + name(context);
    System.out.println(reason);
    return ConditionEvaluationResult.disabled(reason);
  }

  private static String name(ExtensionContext context) {
    String test = context.getTestMethod().map(method -> "." + method.getName()).orElse("");
    return context.getRequiredTestClass().getSimpleName() + test;
  }
}
