package dev.berth.engine;

/** Runs steps of a tear-down that must go on past errors. */
final class Quietly {
  private static final System.Logger LOG = System.getLogger(Quietly.class.getName());

  private Quietly() {}

  static void run(String what, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException failure) {
      note(what, failure);
    }
  }

  static void note(String what, Throwable failure) {
    LOG.log(System.Logger.Level.WARNING, what + " failed", failure);
  }
}
