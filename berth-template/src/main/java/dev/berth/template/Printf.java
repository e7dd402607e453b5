package dev.berth.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Go's fmt: formats with verbs, and print with and without spaces.
 *
 * @see <a href="https://pkg.go.dev/fmt">Its description</a>
 */
final class Printf {
  private final String format;
  private final List<@Nullable Object> arguments;
  private final StringBuilder out = new StringBuilder();
  private int position;
  private int next;

  private Printf(String format, List<@Nullable Object> arguments) {
    this.format = format;
    this.arguments = arguments;
  }

  /** Values one after another, with a space between two of which neither is a string. */
  static String print(List<@Nullable Object> values) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      if (i > 0 && !(value instanceof String) && !(values.get(i - 1) instanceof String)) {
        text.append(' ');
      }
      text.append(GoText.plain(value));
    }
    return text.toString();
  }

  static String println(List<@Nullable Object> values) {
    return String.join(" ", values.stream().map(GoText::plain).toList()) + "\n";
  }

  static String format(String format, List<@Nullable Object> arguments) {
    return new Printf(format, arguments).run();
  }

  /** What stands between the percent sign and the verb. */
  private record Flags(boolean minus, boolean plus, boolean sharp, boolean space, boolean zero) {}

  /**
   * A verb with all that is said about it.
   *
   * @param width or -1
   * @param precision or -1
   */
  private record Verb(Flags flags, int width, int precision, char letter) {}

  private String run() {
    while (position < format.length()) {
      char c = format.charAt(position++);
      if (c != '%') {
        out.append(c);
      } else {
        verb();
      }
    }
    if (next < arguments.size()) {
      out.append("%!(EXTRA ");
      for (int i = next; i < arguments.size(); i++) {
        out.append(i > next ? ", " : "").append(typed(arguments.get(i)));
      }
      out.append(')');
    }
    return out.toString();
  }

  private static String typed(@Nullable Object value) {
    return value == null ? "<nil>" : Kind.type(value) + "=" + GoText.plain(value);
  }

  private void verb() {
    Flags flags = flags();
    int width = number();
    boolean minus = flags.minus();
    if (width < -1) {
      minus = true;
      width = -width;
    }
    int precision = -1;
    if (position < format.length() && format.charAt(position) == '.') {
      position++;
      precision = Math.max(number(), 0);
    }
    if (position >= format.length()) {
      out.append("%!(NOVERB)");
      return;
    }
    char letter = format.charAt(position++);
    if (letter == '%') {
      out.append('%');
      return;
    }
    if (next >= arguments.size()) {
      out.append("%!").append(letter).append("(MISSING)");
      return;
    }
    Flags given =
        new Flags(minus, flags.plus(), flags.sharp(), flags.space(), flags.zero() && !minus);
    write(new Verb(given, width, precision, letter), arguments.get(next++));
  }

  private Flags flags() {
    boolean minus = false;
    boolean plus = false;
    boolean sharp = false;
    boolean space = false;
    boolean zero = false;
    for (; position < format.length(); position++) {
      switch (format.charAt(position)) {
        case '-' -> minus = true;
        case '+' -> plus = true;
        case '#' -> sharp = true;
        case ' ' -> space = true;
        case '0' -> zero = true;
        default -> {
          return new Flags(minus, plus, sharp, space, zero);
        }
      }
    }
    return new Flags(minus, plus, sharp, space, zero);
  }

  /** A number in the format, or taken from the arguments for a star; -1 for none. */
  private int number() {
    if (position < format.length() && format.charAt(position) == '*') {
      position++;
      Object given = next < arguments.size() ? arguments.get(next++) : null;
      if (given instanceof Long number && Math.abs(number) < 1_000_000) {
        return number.intValue();
      }
      out.append("%!(BADWIDTH)");
      return -1;
    }
    int start = position;
    while (position < format.length()
        && Character.isDigit(format.charAt(position))
        && position - start < 6) {
      position++;
    }
    return start == position ? -1 : Integer.parseInt(format, start, position, 10);
  }

  private void write(Verb verb, @Nullable Object value) {
    String text = text(verb, value);
    int missing = verb.width() - text.codePointCount(0, text.length());
    if (missing <= 0) {
      out.append(text);
    } else if (verb.flags().minus()) {
      out.append(text).repeat(' ', missing);
    } else if (verb.flags().zero()) {
      boolean sign = !text.isEmpty() && "+-".indexOf(text.charAt(0)) >= 0;
      out.append(text, 0, sign ? 1 : 0).repeat('0', missing).append(text, sign ? 1 : 0, text.length());
    } else {
      out.repeat(' ', missing).append(text);
    }
  }

  /** A verb goes to each part of what has parts. */
  private static String text(Verb verb, @Nullable Object value) {
    if (verb.letter() == 'v' || verb.letter() == 'T') {
      return scalar(verb, value);
    }
    return switch (value) {
      case List<?> list -> {
        StringJoiner words = new StringJoiner(" ", "[", "]");
        list.forEach(item -> words.add(text(verb, item)));
        yield words.toString();
      }
      case Map<?, ?> map -> {
        StringJoiner words = new StringJoiner(" ", "map[", "]");
        GoText.sorted(map).forEach((key, item) -> words.add(text(verb, key) + ":" + text(verb, item)));
        yield words.toString();
      }
      case Structure structure -> {
        StringJoiner words = new StringJoiner(" ", "{", "}");
        structure.values().forEach(item -> words.add(text(verb, item)));
        yield words.toString();
      }
      case null, default -> scalar(verb, value);
    };
  }

  private static String scalar(Verb verb, @Nullable Object value) {
    String text =
        switch (verb.letter()) {
          case 'v' -> value(verb, value);
          case 'T' -> value == null ? "<nil>" : Kind.type(value);
          case 's' -> value instanceof Long || value instanceof Double || value instanceof Boolean
              ? null
              : cut(verb, value == null ? "%!s(<nil>)" : GoText.plain(value));
          case 'q' -> value instanceof String string ? quoted(verb, string) : character(value);
          case 'd', 'b', 'o', 'O', 'c', 'U' -> value instanceof Long number ? integer(verb, number) : null;
          case 'x', 'X' -> hexadecimal(verb, value);
          case 't' -> value instanceof Boolean ? value.toString() : null;
          case 'f', 'F', 'e', 'E', 'g', 'G' -> value instanceof Double number ? decimal(verb, number) : null;
          default -> null;
        };
    return text == null ? "%!" + verb.letter() + "(" + typed(value) + ")" : text;
  }

  private static String value(Verb verb, @Nullable Object value) {
    if (verb.flags().sharp() && value instanceof String text) {
      return GoText.quote(text);
    }
    if (value instanceof Long number) {
      return signed(verb, number);
    }
    return cut(verb, GoText.plain(value));
  }

  private static String signed(Verb verb, long number) {
    return (number >= 0 && verb.flags().plus() ? "+" : number >= 0 && verb.flags().space() ? " " : "")
        + number;
  }

  private static String cut(Verb verb, String text) {
    return verb.precision() < 0 || text.codePointCount(0, text.length()) <= verb.precision()
        ? text
        : text.substring(0, text.offsetByCodePoints(0, verb.precision()));
  }

  private static String quoted(Verb verb, String text) {
    String part = cut(verb, text);
    return verb.flags().sharp() && part.indexOf('`') < 0 ? "`" + part + "`" : GoText.quote(part);
  }

  private static @Nullable String character(@Nullable Object value) {
    return value instanceof Long number ? "'" + Character.toString(number.intValue()) + "'" : null;
  }

  private static String integer(Verb verb, long number) {
    boolean sharp = verb.flags().sharp();
    return switch (verb.letter()) {
      case 'b' -> (sharp ? "0b" : "") + Long.toString(number, 2);
      case 'o' -> (sharp ? "0" : "") + Long.toString(number, 8);
      case 'O' -> "0o" + Long.toString(number, 8);
      case 'c' -> Character.toString((int) number);
      case 'U' -> String.format("U+%04X", number);
      default -> signed(verb, number);
    };
  }

  private static @Nullable String hexadecimal(Verb verb, @Nullable Object value) {
    String text =
        switch (value) {
          case Long number -> Long.toString(number, 16);
          case String string ->
              HexFormat.of().formatHex(string.getBytes(StandardCharsets.UTF_8));
          case null, default -> null;
        };
    if (text == null) {
      return null;
    }
    String prefixed = verb.flags().sharp() ? "0x" + text : text;
    return verb.letter() == 'X' ? prefixed.toUpperCase(Locale.ROOT) : prefixed;
  }

  private static String decimal(Verb verb, double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return GoText.decimal(number);
    }
    int precision = verb.precision() < 0 ? 6 : verb.precision();
    String text =
        switch (verb.letter()) {
          case 'f', 'F' ->
              new BigDecimal(number).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
          case 'e', 'E' -> String.format(Locale.ROOT, "%." + precision + "e", number);
          default ->
              verb.precision() < 0
                  ? GoText.decimal(number)
                  : GoText.decimal(
                      new BigDecimal(number)
                          .round(new MathContext(Math.max(precision, 1)))
                          .doubleValue());
        };
    String sign = number >= 0 && verb.flags().plus() ? "+" : "";
    return sign + (Character.isUpperCase(verb.letter()) ? text.toUpperCase(Locale.ROOT) : text);
  }
}
