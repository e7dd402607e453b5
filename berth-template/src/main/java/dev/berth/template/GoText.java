package dev.berth.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values as Go's fmt and strconv write them. */
public final class GoText {
  private static final int LARGEST_PLAIN_EXPONENT = 6;
  private static final int SMALLEST_PLAIN_EXPONENT = -4;

  private GoText() {}

  /** As the verb {@code %v} writes it. */
  public static String plain(@Nullable Object value) {
    return switch (value) {
      case null -> "<nil>";
      case NilPointer _ -> "<nil>";
      case Double number -> decimal(number);
      case List<?> list -> {
        StringJoiner words = new StringJoiner(" ", "[", "]");
        list.forEach(item -> words.add(plain(item)));
        yield words.toString();
      }
      case Map<?, ?> map -> {
        StringJoiner words = new StringJoiner(" ", "map[", "]");
        sorted(map).forEach((key, item) -> words.add(key + ":" + plain(item)));
        yield words.toString();
      }
      case Structure structure -> {
        StringJoiner words = new StringJoiner(" ", "{", "}");
        structure.values().forEach(item -> words.add(plain(item)));
        yield words.toString();
      }
      default -> value.toString();
    };
  }

  static Map<String, @Nullable Object> sorted(Map<?, ?> map) {
    Map<String, @Nullable Object> sorted = new TreeMap<>();
    map.forEach((key, item) -> sorted.put(String.valueOf(key), item));
    return sorted;
  }

  /** The shortest text that reads back as the same number; an exponent where it is far from 1. */
  static String decimal(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "+Inf" : "-Inf";
    }
    if (number == 0) {
      return "0";
    }
    BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    if (exponent >= SMALLEST_PLAIN_EXPONENT && exponent < LARGEST_PLAIN_EXPONENT) {
      return exact.toPlainString();
    }
    String digits = exact.unscaledValue().abs().toString();
    String mantissa =
        digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    String sign = exponent < 0 ? "-" : "+";
    int size = Math.abs(exponent);
    return (number < 0 ? "-" : "") + mantissa + "e" + sign + (size < 10 ? "0" : "") + size;
  }

  /** A Go string literal of a text. */
  public static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(c -> append(quoted, c));
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder quoted, int c) {
    switch (c) {
      case '"' -> quoted.append("\\\"");
      case '\\' -> quoted.append("\\\\");
      case '\n' -> quoted.append("\\n");
      case '\t' -> quoted.append("\\t");
      case '\r' -> quoted.append("\\r");
      case 0x07 -> quoted.append("\\a");
      case '\b' -> quoted.append("\\b");
      case '\f' -> quoted.append("\\f");
      case 0x0b -> quoted.append("\\v");
      default -> {
        if (c < ' ' || c == 0x7f) {
          quoted.append(String.format("\\x%02x", c));
        } else if (c >= 0x80 && c < 0xa0) {
          quoted.append(String.format("\\u%04x", c));
        } else {
          quoted.appendCodePoint(c);
        }
      }
    }
  }

  /** The text that the inside of a Go literal stands for. */
  static String unescape(String inner) {
    StringBuilder text = new StringBuilder(inner.length());
    int at = 0;
    while (at < inner.length()) {
      char c = inner.charAt(at++);
      if (c != '\\' || at == inner.length()) {
        text.append(c);
        continue;
      }
      at = escape(inner, at, text);
    }
    return text.toString();
  }

  /** Reads one escape behind its backslash; returns where it ends. */
  private static int escape(String inner, int at, StringBuilder text) {
    char c = inner.charAt(at);
    int digits =
        switch (c) {
          case 'x' -> 2;
          case 'u' -> 4;
          case 'U' -> 8;
          default -> 0;
        };
    if (digits > 0 && at + digits < inner.length()) {
      text.appendCodePoint(Integer.parseInt(inner, at + 1, at + 1 + digits, 16));
      return at + 1 + digits;
    }
    text.append(
        switch (c) {
          case 'n' -> '\n';
          case 't' -> '\t';
          case 'r' -> '\r';
          case 'a' -> '\u0007';
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'v' -> '\u000b';
          default -> c;
        });
    return at + 1;
  }
}
