package dev.berth.linux;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The signals of Linux by name and number, with the names that Docker accepts.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/signal.7.html">signal(7)</a>
 */
public final class Signals {
  /** Hang-up. */
  public static final int HUP = 1;

  /** Interrupt from the keyboard. */
  public static final int INT = 2;

  /** Ends at once and cannot be caught. */
  public static final int KILL = 9;

  /** Asks to end. */
  public static final int TERM = 15;

  /** The window has another size. */
  public static final int WINCH = 28;

  private static final int RTMIN = 34;
  private static final int RTMAX = 64;
  private static final String[] STANDARD = {
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU",
    "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS"
  };
  private static final Map<String, Integer> BY_NAME = table();

  private Signals() {}

  /**
   * The number for what a user wrote: a number, a name with or without {@code SIG}, in any case, or
   * {@code RTMIN+3}. Nothing for a word that is no signal.
   */
  public static OptionalInt parse(String text) {
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      if (text.length() > 3) {
        return OptionalInt.empty();
      }
      int number = Integer.parseInt(text);
      return isValid(number) ? OptionalInt.of(number) : OptionalInt.empty();
    }
    String name = text.toUpperCase(Locale.ROOT);
    Integer number = BY_NAME.get(name.startsWith("SIG") ? name.substring(3) : name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** Whether the kernel has a signal of this number. */
  public static boolean isValid(int number) {
    return number >= 1 && number <= RTMAX;
  }

  /** The name without {@code SIG}; the number as text where there is no name. */
  public static String name(int number) {
    if (number >= 1 && number <= STANDARD.length) {
      return STANDARD[number - 1];
    }
    if (number >= RTMIN && number <= RTMAX) {
      return number == RTMIN ? "RTMIN" : "RTMIN+" + (number - RTMIN);
    }
    return Integer.toString(number);
  }

  private static Map<String, Integer> table() {
    Map<String, Integer> table = new LinkedHashMap<>();
    for (int i = 0; i < STANDARD.length; i++) {
      table.put(STANDARD[i], i + 1);
    }
    table.put("IOT", table.get("ABRT"));
    table.put("CLD", table.get("CHLD"));
    table.put("POLL", table.get("IO"));
    table.put("UNUSED", table.get("SYS"));
    table.put("RTMIN", RTMIN);
    table.put("RTMAX", RTMAX);
    for (int i = 1; i <= 15; i++) {
      table.put("RTMIN+" + i, RTMIN + i);
    }
    for (int i = 1; i <= 14; i++) {
      table.put("RTMAX-" + i, RTMAX - i);
    }
    return Map.copyOf(table);
  }
}
