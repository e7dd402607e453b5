package dev.berth.template;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as Go writes them in source. */
final class Numbers {
  private static final Pattern INTEGER =
      Pattern.compile("[+-]?(0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|[0-9][0-9_]*)");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  private Numbers() {}

  /** A {@link Long} or {@link Double}, or null for what is none. */
  static @Nullable Object parse(String word) {
    String text = word.replace("_", "").toLowerCase(Locale.ROOT);
    try {
      if (INTEGER.matcher(word).matches()) {
        return integer(text);
      }
      return DECIMAL.matcher(text).matches() ? (Object) Double.valueOf(text) : null;
    } catch (NumberFormatException tooLarge) {
      return null;
    }
  }

  private static Long integer(String text) {
    boolean negative = text.startsWith("-");
    String digits = text.replaceFirst("^[+-]", "");
    long value =
        digits.startsWith("0x")
            ? Long.parseLong(digits.substring(2), 16)
            : digits.startsWith("0b")
                ? Long.parseLong(digits.substring(2), 2)
                : digits.matches("0o?[0-7]+")
                    ? Long.parseLong(digits.replaceFirst("o", ""), 8)
                    : Long.parseLong(digits);
    return negative ? -value : value;
  }
}
