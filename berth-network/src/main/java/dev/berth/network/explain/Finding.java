package dev.berth.network.explain;

import org.jspecify.annotations.Nullable;

/**
 * What one step found.
 *
 * @param step what was looked at
 * @param result how it is
 * @param text in a sentence
 * @param verdict what it means if it decides; null unless it fails
 * @param rule the rule that decides, as the kernel's tool prints it; empty for none
 * @param advice what to do about it; empty for nothing
 */
public record Finding(
    Topic step, Result result, String text, @Nullable Verdict verdict, String rule, String advice) {

  /** How it is. */
  public enum Result {
    /** In order. */
    OK,
    /** In order, with something to know. */
    NOTE,
    /** This is why it fails. */
    FAILED
  }

  /** What is looked at, in the order of a packet's way. */
  public enum Topic {
    /** Whether both run. */
    RUNNING,
    /** Whose network they use. */
    MODE,
    /** Networks they share. */
    NETWORKS,
    /** The name. */
    NAME,
    /** The way. */
    ROUTE,
    /** Publishing on the host. */
    PUBLISHED,
    /** The packet filter. */
    RULES,
    /** What waits at the port. */
    LISTENING
  }

  static Finding ok(Topic step, String text) {
    return new Finding(step, Result.OK, text, null, "", "");
  }

  static Finding note(Topic step, String text, String advice) {
    return new Finding(step, Result.NOTE, text, null, "", advice);
  }

  static Finding failed(Topic step, Verdict verdict, String text, String advice) {
    return new Finding(step, Result.FAILED, text, verdict, "", advice);
  }

  /** The same with the rule that decides. */
  Finding by(String decidingRule) {
    return new Finding(step, result, text, verdict, decidingRule, advice);
  }

  /** Whether this is why it fails. */
  public boolean failed() {
    return result == Result.FAILED;
  }
}
