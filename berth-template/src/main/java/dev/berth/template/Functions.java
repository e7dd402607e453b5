package dev.berth.template;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that templates may call: Go's own and those that Docker adds. */
final class Functions {
  /** What an argument must be. */
  enum Type {
    ANY,
    STRING,
    INTEGER
  }

  /** What a function does; a message of an illegal argument is shown to the user. */
  interface Body {
    @Nullable Object call(List<@Nullable Object> arguments);
  }

  /**
   * A function.
   *
   * @param types of its arguments; the last stands for all further ones where it is variadic
   */
  record Function(List<Type> types, boolean variadic, Body body) {
    int minimum() {
      return variadic ? types.size() - 1 : types.size();
    }

    Type type(int argument) {
      return types.get(Math.min(argument, types.size() - 1));
    }
  }

  static final Map<String, Function> ALL = all();
  static final Map<String, Function> HEADINGS = headings();

  private Functions() {}

  private static Map<String, Function> all() {
    Map<String, Function> functions = new HashMap<>();
    addComparisons(functions);
    addWriters(functions);
    functions.put("len", fixed(list -> length(list.getFirst()), Type.ANY));
    functions.put("index", variadic(Functions::index, Type.ANY, Type.ANY));
    functions.put("slice", variadic(Functions::slice, Type.ANY, Type.INTEGER));
    functions.put("call", variadic(Functions::call, Type.ANY, Type.ANY));
    functions.put("json", fixed(list -> GoJson.write(list.getFirst()), Type.ANY));
    functions.put(
        "split", fixed(list -> split(text(list, 0), text(list, 1)), Type.STRING, Type.STRING));
    functions.put("join", fixed(list -> join(list.get(0), text(list, 1)), Type.ANY, Type.STRING));
    functions.put("title", fixed(list -> title(text(list, 0)), Type.STRING));
    functions.put("lower", fixed(list -> text(list, 0).toLowerCase(Locale.ROOT), Type.STRING));
    functions.put("upper", fixed(list -> text(list, 0).toUpperCase(Locale.ROOT), Type.STRING));
    functions.put("pad", fixed(Functions::pad, Type.STRING, Type.INTEGER, Type.INTEGER));
    functions.put("truncate", fixed(Functions::truncate, Type.STRING, Type.INTEGER));
    return Map.copyOf(functions);
  }

  private static void addComparisons(Map<String, Function> functions) {
    functions.put("eq", variadic(Functions::equalToAny, Type.ANY, Type.ANY));
    functions.put(
        "ne", fixed(list -> !Kind.equal(list.get(0), list.get(1)), Type.ANY, Type.ANY));
    functions.put("lt", fixed(list -> Kind.less(list.get(0), list.get(1)), Type.ANY, Type.ANY));
    functions.put("ge", fixed(list -> !Kind.less(list.get(0), list.get(1)), Type.ANY, Type.ANY));
    functions.put("gt", fixed(list -> Kind.less(list.get(1), list.get(0)), Type.ANY, Type.ANY));
    functions.put("le", fixed(list -> !Kind.less(list.get(1), list.get(0)), Type.ANY, Type.ANY));
    functions.put("not", fixed(list -> !Kind.truth(list.getFirst()), Type.ANY));
    // The executor calls these two itself, since they leave out what they need not know.
    functions.put("and", variadic(List::getLast, Type.ANY, Type.ANY));
    functions.put("or", variadic(List::getLast, Type.ANY, Type.ANY));
  }

  private static void addWriters(Map<String, Function> functions) {
    functions.put("print", variadic(Printf::print, Type.ANY));
    functions.put("println", variadic(Printf::println, Type.ANY));
    functions.put(
        "printf",
        variadic(
            list -> Printf.format(text(list, 0), list.subList(1, list.size())),
            Type.STRING,
            Type.ANY));
    functions.put("html", variadic(list -> html(Printf.print(list)), Type.ANY));
    functions.put("js", variadic(list -> script(Printf.print(list)), Type.ANY));
    functions.put(
        "urlquery",
        variadic(
            list -> URLEncoder.encode(Printf.print(list), StandardCharsets.UTF_8), Type.ANY));
  }

  private static Map<String, Function> headings() {
    Map<String, Function> functions = new HashMap<>(ALL);
    for (String name : List.of("json", "title", "lower", "upper")) {
      functions.put(name, fixed(List::getFirst, Type.STRING));
    }
    for (String name : List.of("split", "join")) {
      functions.put(name, fixed(List::getFirst, Type.STRING, Type.STRING));
    }
    functions.put("truncate", fixed(List::getFirst, Type.STRING, Type.INTEGER));
    return Map.copyOf(functions);
  }

  private static Function fixed(Body body, Type... types) {
    return new Function(List.of(types), false, body);
  }

  private static Function variadic(Body body, Type... types) {
    return new Function(List.of(types), true, body);
  }

  private static String text(List<@Nullable Object> arguments, int at) {
    return String.valueOf(arguments.get(at));
  }

  private static boolean equalToAny(List<@Nullable Object> values) {
    if (values.size() < 2) {
      throw new IllegalArgumentException("missing argument for comparison");
    }
    for (Object other : values.subList(1, values.size())) {
      if (Kind.equal(values.getFirst(), other)) {
        return true;
      }
    }
    return false;
  }

  private static long length(@Nullable Object value) {
    return switch (value) {
      case null -> throw new IllegalArgumentException("len of untyped nil");
      case NilPointer _ -> throw new IllegalArgumentException("len of nil pointer");
      case String text -> text.getBytes(StandardCharsets.UTF_8).length;
      case List<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      default -> throw new IllegalArgumentException("len of type " + Kind.type(value));
    };
  }

  private static @Nullable Object index(List<@Nullable Object> arguments) {
    Object value = arguments.getFirst();
    if (value == null) {
      throw new IllegalArgumentException("index of untyped nil");
    }
    for (Object key : arguments.subList(1, arguments.size())) {
      value =
          switch (value) {
            case null -> throw new IllegalArgumentException("index of nil pointer");
            case NilPointer _ -> throw new IllegalArgumentException("index of nil pointer");
            case List<?> list -> list.get(position(key, list.size()));
            case String text -> {
              byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
              yield (long) (bytes[position(key, bytes.length)] & 0xff);
            }
            case Map<?, ?> map -> entry(map, key);
            default ->
                throw new IllegalArgumentException("can't index item of type " + Kind.type(value));
          };
    }
    return value;
  }

  private static @Nullable Object entry(Map<?, ?> map, @Nullable Object key) {
    if (!(key instanceof String)) {
      throw new IllegalArgumentException(
          key == null
              ? "value is nil; should be of type string"
              : "value has type " + Kind.type(key) + "; should be string");
    }
    return map.get(key);
  }

  private static int position(@Nullable Object key, int size) {
    if (!(key instanceof Long number)) {
      throw new IllegalArgumentException(
          key == null
              ? "cannot index slice/array with nil"
              : "cannot index slice/array with type " + Kind.type(key));
    }
    if (number < 0 || number >= size) {
      throw new IllegalArgumentException("index out of range: " + number);
    }
    return number.intValue();
  }

  private static Object slice(List<@Nullable Object> arguments) {
    Object value = arguments.getFirst();
    int size = (int) length(value);
    int from = arguments.size() > 1 ? bound(arguments.get(1), size) : 0;
    int to = arguments.size() > 2 ? bound(arguments.get(2), size) : size;
    if (from > to) {
      throw new IllegalArgumentException("invalid slice index: " + from + " > " + to);
    }
    if (value instanceof String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return new String(Arrays.copyOfRange(bytes, from, to), StandardCharsets.UTF_8);
    }
    if (value instanceof List<?> list) {
      return list.subList(from, to);
    }
    throw new IllegalArgumentException("can't slice item of type " + Kind.type(value));
  }

  private static int bound(@Nullable Object key, int size) {
    return key instanceof Long number && number == size ? size : position(key, size);
  }

  private static Object call(List<@Nullable Object> arguments) {
    throw new IllegalArgumentException(
        arguments.getFirst() == null
            ? "call of nil"
            : "non-function of type " + Kind.type(arguments.getFirst()));
  }

  private static List<String> split(String text, String separator) {
    if (separator.isEmpty()) {
      return text.codePoints().mapToObj(Character::toString).toList();
    }
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static String join(@Nullable Object elements, String separator) {
    return switch (elements) {
      case null -> "";
      case List<?> list -> String.join(separator, list.stream().map(GoText::plain).toList());
      case Map<?, ?> map ->
          String.join(separator, map.values().stream().map(GoText::plain).sorted().toList());
      default ->
          throw new IllegalArgumentException("expected slice, got " + Kind.type(elements));
    };
  }

  private static String title(String text) {
    StringBuilder titled = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      titled.append(inWord ? c : Character.toTitleCase(c));
      inWord = Character.isLetterOrDigit(c) || c == '_';
    }
    return titled.toString();
  }

  private static String pad(List<@Nullable Object> arguments) {
    String text = text(arguments, 0);
    return text.isEmpty() ? text : spaces(arguments.get(1)) + text + spaces(arguments.get(2));
  }

  private static String spaces(@Nullable Object count) {
    if (!(count instanceof Long number) || number < 0) {
      throw new IllegalArgumentException("strings: negative Repeat count");
    }
    return " ".repeat(number.intValue());
  }

  private static String truncate(List<@Nullable Object> arguments) {
    byte[] bytes = text(arguments, 0).getBytes(StandardCharsets.UTF_8);
    long length = arguments.get(1) instanceof Long number ? number : 0;
    if (length < 0) {
      throw new IllegalArgumentException("slice bounds out of range [:" + length + "]");
    }
    return bytes.length < length
        ? text(arguments, 0)
        : new String(Arrays.copyOf(bytes, (int) length), StandardCharsets.UTF_8);
  }

  private static String html(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;")
        .replace("\0", "\uFFFD");
  }

  private static String script(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.chars().forEach(c -> {
      switch (c) {
        case '\\' -> escaped.append("\\\\");
        case '\'' -> escaped.append("\\'");
        case '"' -> escaped.append("\\\"");
        case '<', '>', '&', '=' -> escaped.append(String.format("\\u%04X", c));
        default -> {
          if (c < ' ') {
            escaped.append(String.format("\\u%04X", c));
          } else {
            escaped.append((char) c);
          }
        }
      }
    });
    return escaped.toString();
  }
}
