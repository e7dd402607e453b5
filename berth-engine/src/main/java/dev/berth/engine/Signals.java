package dev.berth.engine;

import dev.berth.core.EngineException;
import java.util.List;
import java.util.Locale;

/** Signal names and numbers of Linux. Source: signal(7), for the generic numbering. */
final class Signals {
  static final int SIGKILL = 9;
  static final int SIGTERM = 15;

  private static final int FIRST_REALTIME = 34;
  private static final int LAST_REALTIME = 64;
  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private Signals() {}

  /**
   * The number of a signal by its number or name, with or without {@code SIG}.
   *
   * @throws EngineException INVALID with Docker's words
   */
  static int parse(String text) {
    int number = text.chars().allMatch(Character::isDigit) ? decimal(text) : named(text);
    if (number <= 0 || number > LAST_REALTIME) {
      throw EngineException.invalid("invalid signal: " + text);
    }
    return number;
  }

  private static int decimal(String text) {
    return text.isEmpty() || text.length() > 3 ? -1 : Integer.parseInt(text);
  }

  private static int named(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
    int index = NAMES.indexOf(name);
    if (index >= 0) {
      return index + 1;
    }
    return switch (name) {
      case "IOT" -> 6;
      case "CLD" -> 17;
      case "POLL" -> 29;
      default -> realtime(name);
    };
  }

  private static int realtime(String name) {
    if (name.startsWith("RTMIN")) {
      return offset(name.substring(5), FIRST_REALTIME, '+', 1);
    }
    return name.startsWith("RTMAX") ? offset(name.substring(5), LAST_REALTIME, '-', -1) : -1;
  }

  private static int offset(String rest, int base, char sign, int direction) {
    if (rest.isEmpty()) {
      return base;
    }
    String digits = rest.substring(1);
    boolean wellFormed =
        rest.charAt(0) == sign
            && !digits.isEmpty()
            && digits.length() <= 2
            && digits.chars().allMatch(Character::isDigit);
    int number = wellFormed ? base + direction * Integer.parseInt(digits) : -1;
    return number >= FIRST_REALTIME && number <= LAST_REALTIME ? number : -1;
  }
}
