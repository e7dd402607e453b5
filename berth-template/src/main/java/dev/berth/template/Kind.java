package dev.berth.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Go would say that a value is. */
final class Kind {
  private Kind() {}

  /** The name of its type, as messages give it. */
  static String type(@Nullable Object value) {
    return switch (value) {
      case null -> "interface {}";
      case Boolean _ -> "bool";
      case Long _ -> "int";
      case Double _ -> "float64";
      case String _ -> "string";
      case NilPointer pointer -> "*" + pointer.type();
      case Structure structure -> structure.type();
      case List<?> _ -> "[]interface {}";
      case Map<?, ?> _ -> "map[string]interface {}";
      default -> value.getClass().getSimpleName();
    };
  }

  /** Whether {@code if} takes it as true: nothing, zero and what is empty are not. */
  static boolean truth(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean bool -> bool;
      case Long number -> number != 0;
      case Double number -> number != 0;
      case String text -> !text.isEmpty();
      case NilPointer _ -> false;
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> true;
    };
  }

  static boolean equal(@Nullable Object left, @Nullable Object right) {
    if (left == null || right == null) {
      return left == right;
    }
    if (!basic(left) || !basic(right)) {
      if (left instanceof NilPointer || right instanceof NilPointer) {
        return left.equals(right);
      }
      throw new IllegalArgumentException("non-comparable type " + GoText.plain(left) + ": "
          + type(basic(left) ? right : left));
    }
    if (!left.getClass().equals(right.getClass())) {
      throw new IllegalArgumentException("incompatible types for comparison");
    }
    return left.equals(right);
  }

  static boolean less(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Long one && right instanceof Long other) {
      return one < other;
    }
    if (left instanceof Double one && right instanceof Double other) {
      return one < other;
    }
    if (left instanceof String one && right instanceof String other) {
      return one.compareTo(other) < 0;
    }
    boolean ordered =
        left != null
            && right != null
            && basic(left)
            && basic(right)
            && !(left instanceof Boolean)
            && !(right instanceof Boolean);
    throw new IllegalArgumentException(
        ordered ? "incompatible types for comparison" : "invalid type for comparison");
  }

  private static boolean basic(Object value) {
    return value instanceof Boolean
        || value instanceof Long
        || value instanceof Double
        || value instanceof String;
  }
}
