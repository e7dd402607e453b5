package dev.berth.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Values as Go's encoding/json writes them with HTML left as it is. */
public final class GoJson {
  private GoJson() {}

  /** On one line, the keys of maps in order. */
  public static String write(@Nullable Object value) {
    if (value == NilPointer.SLICE || value == NilPointer.MAP) {
      return "null";
    }
    return switch (value) {
      case null -> "null";
      case NilPointer _ -> "null";
      case String text -> string(text);
      case Double number -> new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
      case Structure structure -> structure.json();
      case List<?> list -> {
        StringJoiner items = new StringJoiner(",", "[", "]");
        list.forEach(item -> items.add(write(item)));
        yield items.toString();
      }
      case Map<?, ?> map -> {
        StringJoiner items = new StringJoiner(",", "{", "}");
        GoText.sorted(map).forEach((key, item) -> items.add(string(key) + ":" + write(item)));
        yield items.toString();
      }
      default -> value.toString();
    };
  }

  private static String string(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    text.chars().forEach(c -> {
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        default -> {
          if (c < ' ' || c == 0x2028 || c == 0x2029) {
            quoted.append(String.format("\\u%04x", c));
          } else {
            quoted.append((char) c);
          }
        }
      }
    });
    return quoted.append('"').toString();
  }
}
