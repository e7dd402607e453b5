package dev.berth.runtime.driver.seccomp;

import static dev.berth.runtime.driver.seccomp.BpfProgram.JUMP_IF_EQUAL;
import static dev.berth.runtime.driver.seccomp.BpfProgram.JUMP_IF_GREATER;
import static dev.berth.runtime.driver.seccomp.BpfProgram.JUMP_IF_GREATER_OR_EQUAL;

import dev.berth.runtime.driver.seccomp.SeccompRules.Argument;
import dev.berth.runtime.driver.seccomp.SeccompRules.Comparison;
import java.util.List;

/** Code that compares the arguments of a call, of which BPF sees 32 bits at a time. */
final class ArgumentTests {
  private static final int OFFSET_ARGUMENTS = 16;
  private static final int ARGUMENT_BYTES = 8;
  private static final int WORD_BITS = 32;
  private static final int HIGH_WORD = 4;

  private ArgumentTests() {}

  /** Gives the action back if all hold, else runs on behind. */
  static BpfProgram allOf(List<Argument> arguments, boolean wide, int action) {
    BpfProgram rest = new BpfProgram().giveBack(action);
    for (Argument argument : arguments.reversed()) {
      rest = test(argument, wide, rest.length()).append(rest);
    }
    return rest;
  }

  /** A test after which comes code of that length, which is skipped where the test fails. */
  private static BpfProgram test(Argument argument, boolean wide, int skip) {
    Argument normal = positive(argument);
    boolean negated = normal.comparison() != argument.comparison();
    return wide ? wideTest(normal, negated, skip) : narrowTest(normal, negated, skip);
  }

  /** NE, LT and LE are the opposites of EQ, GE and GT. */
  private static Argument positive(Argument argument) {
    Comparison comparison =
        switch (argument.comparison()) {
          case NE -> Comparison.EQ;
          case LT -> Comparison.GE;
          case LE -> Comparison.GT;
          default -> argument.comparison();
        };
    return comparison == argument.comparison()
        ? argument
        : new Argument(argument.index(), argument.value(), argument.valueTwo(), comparison);
  }

  private static BpfProgram narrowTest(Argument argument, boolean negated, int skip) {
    int pass = negated ? skip : 0;
    int fail = negated ? 0 : skip;
    return lowWord(argument, pass, fail);
  }

  private static BpfProgram wideTest(Argument argument, boolean negated, int skip) {
    int pass = negated ? skip : 0;
    int fail = negated ? 0 : skip;
    BpfProgram low = lowWord(argument, pass, fail);
    BpfProgram program = new BpfProgram().load(offset(argument) + HIGH_WORD);
    int high = (int) (argument.value() >>> WORD_BITS);
    switch (argument.comparison()) {
      case MASKED_EQ ->
          program
              .and(high)
              .test(
                  JUMP_IF_EQUAL, (int) (argument.valueTwo() >>> WORD_BITS), 0, low.length() + fail);
      case EQ -> program.test(JUMP_IF_EQUAL, high, 0, low.length() + fail);
      default ->
          program
              .test(JUMP_IF_GREATER, high, low.length() + 1 + pass, 0)
              .test(JUMP_IF_EQUAL, high, 0, low.length() + fail);
    }
    return program.append(low);
  }

  private static BpfProgram lowWord(Argument argument, int pass, int fail) {
    BpfProgram program = new BpfProgram().load(offset(argument));
    int value = (int) argument.value();
    return switch (argument.comparison()) {
      case MASKED_EQ ->
          program.and(value).test(JUMP_IF_EQUAL, (int) argument.valueTwo(), pass, fail);
      case EQ -> program.test(JUMP_IF_EQUAL, value, pass, fail);
      case GT -> program.test(JUMP_IF_GREATER, value, pass, fail);
      default -> program.test(JUMP_IF_GREATER_OR_EQUAL, value, pass, fail);
    };
  }

  private static int offset(Argument argument) {
    return OFFSET_ARGUMENTS + argument.index() * ARGUMENT_BYTES;
  }
}
