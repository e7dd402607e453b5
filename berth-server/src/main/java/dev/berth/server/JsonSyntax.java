package dev.berth.server;

import dev.berth.core.EngineException;

/**
 * Walks over a JSON text only to say, in the words that clients of dockerd know, what is wrong with
 * it. Nothing is built; depth is bounded.
 */
final class JsonSyntax {
  private static final int MAX_DEPTH = 500;

  private final byte[] text;
  private int at;

  private JsonSyntax(byte[] text) {
    this.text = text;
  }

  /**
   * Checks one value that fills the whole text.
   *
   * @throws EngineException of kind INVALID
   */
  static void check(byte[] text) {
    JsonSyntax syntax = new JsonSyntax(text);
    syntax.space();
    if (syntax.at == text.length) {
      throw EngineException.invalid("invalid JSON: got EOF while reading request body");
    }
    syntax.value(0);
    syntax.space();
    if (syntax.at < text.length) {
      throw EngineException.invalid("unexpected content after JSON");
    }
  }

  private void value(int depth) {
    if (depth > MAX_DEPTH) {
      throw EngineException.invalid("invalid JSON: exceeded max depth");
    }
    byte first = next();
    switch (first) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> {
        if (first != '-' && !digit(first)) {
          throw wrong(first, "looking for beginning of value");
        }
        number(first);
      }
    }
  }

  private void object(int depth) {
    if (spaceAndPeek() == '}') {
      at++;
      return;
    }
    while (true) {
      space();
      byte quote = next();
      if (quote != '"') {
        throw wrong(quote, "looking for beginning of object key string");
      }
      string();
      space();
      byte colon = next();
      if (colon != ':') {
        throw wrong(colon, "after object key");
      }
      space();
      value(depth + 1);
      space();
      byte separator = next();
      if (separator == '}') {
        return;
      }
      if (separator != ',') {
        throw wrong(separator, "after object key:value pair");
      }
    }
  }

  private void array(int depth) {
    if (spaceAndPeek() == ']') {
      at++;
      return;
    }
    while (true) {
      space();
      value(depth + 1);
      space();
      byte separator = next();
      if (separator == ']') {
        return;
      }
      if (separator != ',') {
        throw wrong(separator, "after array element");
      }
    }
  }

  private void string() {
    while (true) {
      byte character = next();
      if (character == '"') {
        return;
      }
      if (character == '\\') {
        escape();
      } else if (character >= 0 && character < ' ') {
        throw wrong(character, "in string literal");
      }
    }
  }

  private void escape() {
    byte kind = next();
    if (kind == 'u') {
      for (int i = 0; i < 4; i++) {
        byte hex = next();
        if (Character.digit(hex, 16) < 0) {
          throw wrong(hex, "in \\u hexadecimal character escape");
        }
      }
    } else if ("bfnrt\\/\"".indexOf(kind) < 0) {
      throw wrong(kind, "in string escape code");
    }
  }

  private void literal(String word) {
    for (int i = 1; i < word.length(); i++) {
      byte character = next();
      if (character != word.charAt(i)) {
        throw wrong(character, "in literal " + word + " (expecting '" + word.charAt(i) + "')");
      }
    }
  }

  private void number(byte sign) {
    byte first = sign;
    if (first == '-') {
      first = next();
      if (!digit(first)) {
        throw wrong(first, "in numeric literal");
      }
    }
    if (first != '0') {
      digits();
    }
    if (at < text.length && text[at] == '.') {
      at++;
      oneDigit("after decimal point in numeric literal");
      digits();
    }
    if (at < text.length && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      if (at < text.length && (text[at] == '+' || text[at] == '-')) {
        at++;
      }
      oneDigit("in exponent of numeric literal");
      digits();
    }
  }

  private void oneDigit(String where) {
    byte character = next();
    if (!digit(character)) {
      throw wrong(character, where);
    }
  }

  private void digits() {
    while (at < text.length && digit(text[at])) {
      at++;
    }
  }

  private static boolean digit(byte character) {
    return character >= '0' && character <= '9';
  }

  private byte next() {
    if (at >= text.length) {
      throw EngineException.invalid("invalid JSON: unexpected EOF");
    }
    return text[at++];
  }

  private void space() {
    while (at < text.length
        && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r')) {
      at++;
    }
  }

  private int spaceAndPeek() {
    space();
    return at < text.length ? text[at] : -1;
  }

  private static EngineException wrong(byte character, String where) {
    int value = character & 0xff;
    String shown =
        switch (value) {
          case '\'' -> "'\\''";
          case '"' -> "'\"'";
          case '\n' -> "'\\n'";
          case '\r' -> "'\\r'";
          case '\t' -> "'\\t'";
          case '\\' -> "'\\\\'";
          default ->
              value < ' ' || value == 0x7f
                  ? String.format("'\\x%02x'", value)
                  : "'" + (char) value + "'";
        };
    return EngineException.invalid("invalid JSON: invalid character " + shown + " " + where);
  }
}
