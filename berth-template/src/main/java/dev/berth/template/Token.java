package dev.berth.template;

/**
 * A word of the language.
 *
 * @param kind what it is
 * @param position of its first character in the whole text
 * @param text as written
 */
record Token(Kind kind, int position, String text) {
  /** What a word is. */
  enum Kind {
    TEXT,
    LEFT,
    RIGHT,
    SPACE,
    IDENTIFIER,
    KEYWORD,
    BOOLEAN,
    FIELD,
    VARIABLE,
    DOT,
    NIL,
    NUMBER,
    CHARACTER,
    STRING,
    RAW_STRING,
    PIPE,
    LEFT_PARENTHESIS,
    RIGHT_PARENTHESIS,
    ASSIGN,
    DECLARE,
    OTHER,
    /** The rest cannot be cut into words; the text says why. */
    ERROR,
    END
  }

  boolean is(Kind wanted) {
    return kind == wanted;
  }

  boolean isKeyword(String word) {
    return kind == Kind.KEYWORD && text.equals(word);
  }

  /** As messages show it. */
  String shown() {
    return switch (kind) {
      case END -> "EOF";
      case ERROR -> text;
      case KEYWORD, DOT, NIL -> "<" + text + ">";
      default -> text.length() > 10 ? GoText.quote(text.substring(0, 10)) + "..." : GoText.quote(text);
    };
  }
}
