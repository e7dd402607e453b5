package dev.berth.network;

import java.util.List;

/** Runs the steps of a tear-down, each whatever became of those before it. */
final class TearDown {
  private static final System.Logger LOG = System.getLogger(TearDown.class.getName());

  private TearDown() {}

  /**
   * Runs them; what fails is logged.
   *
   * @param what names the whole in the log
   */
  static void run(String what, List<Runnable> steps) {
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException failure) {
        LOG.log(System.Logger.Level.WARNING, "taking down " + what, failure);
      }
    }
  }
}
