package dev.berth.testing;

import java.util.function.Consumer;

/**
 * Lets step k of an operation fail. A fake calls {@link #step} before each thing it does; the test
 * asserts after each run that nothing is left.
 *
 * <pre>{@code
 * FaultPlan.failEachStep(plan -> {
 *   FakeKernel kernel = new FakeKernel(plan);
 *   try {
 *     create(kernel);
 *   } catch (FaultPlan.InjectedFault expected) {
 *     assertThat(kernel.isEmpty()).isTrue();
 *   }
 * });
 * }</pre>
 *
 * Not safe for use by several threads.
 */
public final class FaultPlan {
  private static final int STEPS_LIMIT = 10_000;

  /** The failure that was asked for. */
  public static final class InjectedFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private InjectedFault(int number, String step) {
      super("injected fault at step " + number + ": " + step);
    }
  }

  private final int failing;
  private int taken;
  private boolean failed;

  private FaultPlan(int failing) {
    this.failing = failing;
  }

  /** Nothing fails. */
  public static FaultPlan none() {
    return new FaultPlan(0);
  }

  /** Step {@code number} fails, counted from 1; the others work, also those after it. */
  public static FaultPlan failAt(int number) {
    return new FaultPlan(number);
  }

  /**
   * Runs a body again and again, each time with the next step failing, until it runs through.
   *
   * @return how many steps it took in the end
   */
  public static int failEachStep(Consumer<FaultPlan> body) {
    for (int number = 1; number <= STEPS_LIMIT; number++) {
      FaultPlan plan = failAt(number);
      body.accept(plan);
      if (!plan.failed) {
        return plan.taken;
      }
    }
    throw new AssertionError("more than " + STEPS_LIMIT + " steps");
  }

  /** Counts a step; throws when it is the one to fail. */
  public void step(String name) {
    taken++;
    if (taken == failing) {
      failed = true;
      throw new InjectedFault(taken, name);
    }
  }

  /** How many steps were taken. */
  public int taken() {
    return taken;
  }

  /** Whether the fault has happened. */
  public boolean hasFailed() {
    return failed;
  }
}
