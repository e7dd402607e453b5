package dev.berth.runtime.driver.seccomp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A profile after its conditions on capabilities, kernel and architecture were decided: what the
 * runtime specification calls {@code linux.seccomp}.
 *
 * @param defaultAction for calls that no rule names
 * @param defaultErrno errno of that action, if the profile gives one
 * @param architectures words such as {@code SCMP_ARCH_X86_64}
 * @param flags of the filter
 * @param rules in the profile's order
 */
public record SeccompRules(
    String defaultAction,
    @Nullable Integer defaultErrno,
    List<String> architectures,
    List<String> flags,
    List<Rule> rules) {

  /** Copies the lists. */
  public SeccompRules {
    architectures = List.copyOf(architectures);
    flags = List.copyOf(flags);
    rules = List.copyOf(rules);
  }

  /**
   * What happens to some calls.
   *
   * @param names of the calls
   * @param action what happens
   * @param errno of the action, if the profile gives one
   * @param arguments all of which must hold; empty for any arguments
   */
  public record Rule(
      List<String> names, String action, @Nullable Integer errno, List<Argument> arguments) {
    /** Copies the lists. */
    public Rule {
      names = List.copyOf(names);
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * A condition on one argument of a call.
   *
   * @param index 0 to 5
   * @param value compared with, or the mask
   * @param valueTwo compared with after masking
   * @param comparison how
   */
  public record Argument(int index, long value, long valueTwo, Comparison comparison) {}

  /** Comparisons, unsigned. */
  public enum Comparison {
    /** Not equal. */
    NE,
    /** Less. */
    LT,
    /** Less or equal. */
    LE,
    /** Equal. */
    EQ,
    /** Greater or equal. */
    GE,
    /** Greater. */
    GT,
    /** Equal to the second value after masking with the first. */
    MASKED_EQ
  }
}
