package dev.berth.template;

import dev.berth.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Cuts the text of a template into words. */
final class Lexer {
  private static final String LEFT = "{{";
  private static final String RIGHT = "}}";
  private static final String SPACES = " \t\r\n";
  private static final Set<String> KEYWORDS =
      Set.of(
          "block", "break", "continue", "define", "else", "end", "if", "range", "template", "with");

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int parentheses;

  Lexer(String text) {
    this.text = text;
  }

  /** All words; the last is {@link Kind#END} or {@link Kind#ERROR}. */
  List<Token> tokens() {
    try {
      cut();
      add(Kind.END, position, "");
    } catch (TemplateException refused) {
      add(Kind.ERROR, Math.min(position, text.length()), refused.text());
    }
    return tokens;
  }

  private void cut() {
    boolean trimLeft = false;
    while (position < text.length()) {
      int action = text.indexOf(LEFT, position);
      int end = action < 0 ? text.length() : action;
      boolean trimRight = action >= 0 && trimsAfter(action);
      addText(position, end, trimLeft, trimRight);
      position = end;
      if (action >= 0) {
        trimLeft = comment(action, trimRight) ? endOfComment() : action(trimRight);
      }
    }
  }

  private boolean trimsAfter(int action) {
    return text.startsWith("-", action + 2)
        && action + 3 < text.length()
        && SPACES.indexOf(text.charAt(action + 3)) >= 0;
  }

  private void addText(int from, int to, boolean trimLeft, boolean trimRight) {
    int start = from;
    int end = to;
    while (trimLeft && start < end && SPACES.indexOf(text.charAt(start)) >= 0) {
      start++;
    }
    while (trimRight && end > start && SPACES.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    if (start < end) {
      add(Kind.TEXT, start, text.substring(start, end));
    }
  }

  private boolean comment(int action, boolean trimRight) {
    return text.startsWith("/*", action + (trimRight ? 4 : 2));
  }

  private boolean endOfComment() {
    int end = text.indexOf("*/", position);
    if (end < 0) {
      throw failure("unclosed comment");
    }
    position = end + 2;
    if (closesWithTrim()) {
      position += 4;
      return true;
    }
    if (!text.startsWith(RIGHT, position)) {
      throw failure("comment ends before closing delimiter");
    }
    position += 2;
    return false;
  }

  private boolean closesWithTrim() {
    return position + 1 < text.length()
        && SPACES.indexOf(text.charAt(position)) >= 0
        && text.startsWith("-" + RIGHT, position + 1);
  }

  /** Reads to the end of an action; returns whether it takes the space behind it away. */
  private boolean action(boolean trimmed) {
    add(Kind.LEFT, position, LEFT);
    position += trimmed ? 4 : 2;
    parentheses = 0;
    while (true) {
      boolean trims = closesWithTrim();
      if (trims || text.startsWith(RIGHT, position)) {
        if (parentheses != 0) {
          throw failure("unclosed left paren");
        }
        position += trims ? 2 : 0;
        add(Kind.RIGHT, position, RIGHT);
        position += 2;
        return trims;
      }
      if (position >= text.length()) {
        throw failure("unclosed action");
      }
      word();
    }
  }

  private void word() {
    char c = text.charAt(position);
    int start = position;
    if (SPACES.indexOf(c) >= 0) {
      skipSpaces();
      add(Kind.SPACE, start, text.substring(start, position));
    } else if (c == '"') {
      quoted('"', Kind.STRING, "unterminated quoted string");
    } else if (c == '`') {
      raw();
    } else if (c == '\'') {
      quoted('\'', Kind.CHARACTER, "unterminated character constant");
    } else if (c == '.' && !digitAt(position + 1)) {
      field();
    } else if (c == '$') {
      variable();
    } else if (Character.isDigit(c) || ((c == '+' || c == '-' || c == '.') && startsNumber())) {
      number();
    } else if (letter(c)) {
      identifier();
    } else {
      symbol(c);
    }
  }

  private void symbol(char c) {
    int start = position++;
    switch (c) {
      case '|' -> add(Kind.PIPE, start, "|");
      case '=' -> add(Kind.ASSIGN, start, "=");
      case ',' -> add(Kind.OTHER, start, ",");
      case '(' -> {
        parentheses++;
        add(Kind.LEFT_PARENTHESIS, start, "(");
      }
      case ')' -> {
        parentheses--;
        if (parentheses < 0) {
          throw failure("unexpected right paren");
        }
        add(Kind.RIGHT_PARENTHESIS, start, ")");
      }
      case ':' -> {
        if (!text.startsWith("=", position)) {
          throw failure("expected :=");
        }
        position++;
        add(Kind.DECLARE, start, ":=");
      }
      default -> {
        if (c < ' ' || c > '~') {
          throw failure("unrecognized character in action: " + unicode(c));
        }
        add(Kind.OTHER, start, String.valueOf(c));
      }
    }
  }

  private static String unicode(char c) {
    return String.format("U+%04X", (int) c) + (c >= ' ' && c != 0x7f ? " '" + c + "'" : "");
  }

  /** A run of spaces ends in front of a closing delimiter that trims. */
  private void skipSpaces() {
    while (position < text.length() && SPACES.indexOf(text.charAt(position)) >= 0) {
      if (closesWithTrim()) {
        return;
      }
      position++;
    }
  }

  private void quoted(char quote, Kind kind, String unterminated) {
    int start = position++;
    while (position < text.length() && text.charAt(position) != quote) {
      if (text.charAt(position) == '\n') {
        throw failure(unterminated);
      }
      position += text.charAt(position) == '\\' ? 2 : 1;
    }
    if (position >= text.length()) {
      throw failure(unterminated);
    }
    position++;
    add(kind, start, text.substring(start, position));
  }

  private void raw() {
    int start = position;
    int end = text.indexOf('`', position + 1);
    if (end < 0) {
      throw failure("unterminated raw quoted string");
    }
    position = end + 1;
    add(Kind.RAW_STRING, start, text.substring(start, position));
  }

  private void field() {
    int start = position++;
    skipLetters();
    String word = text.substring(start, position);
    add(word.length() == 1 ? Kind.DOT : Kind.FIELD, start, word);
    checkTerminator();
  }

  private void variable() {
    int start = position++;
    skipLetters();
    add(Kind.VARIABLE, start, text.substring(start, position));
    checkTerminator();
  }

  private void identifier() {
    int start = position;
    skipLetters();
    String word = text.substring(start, position);
    checkTerminator();
    Kind kind =
        KEYWORDS.contains(word)
            ? Kind.KEYWORD
            : word.equals("true") || word.equals("false")
                ? Kind.BOOLEAN
                : word.equals("nil") ? Kind.NIL : Kind.IDENTIFIER;
    add(kind, start, word);
  }

  private void number() {
    int start = position++;
    boolean point = text.charAt(start) == '.';
    while (position < text.length() && inNumber(start, point)) {
      point |= text.charAt(position) == '.';
      position++;
    }
    String word = text.substring(start, position);
    if (Numbers.parse(word) == null) {
      int digits = 1;
      while (digits < word.length() && !letter(word.charAt(digits))) {
        digits++;
      }
      String shown = word.substring(0, Math.min(digits + 1, word.length()));
      throw failure("bad number syntax: " + GoText.quote(shown));
    }
    add(Kind.NUMBER, start, word);
  }

  private boolean inNumber(int start, boolean point) {
    char c = text.charAt(position);
    char before = text.charAt(position - 1);
    boolean exponent = position - 1 > start && "eEpP".indexOf(before) >= 0;
    return letter(c)
        || Character.isDigit(c)
        || (c == '.' && !point)
        || (isSign(c) && exponent);
  }

  private static boolean isSign(char c) {
    return c == '+' || c == '-';
  }

  private boolean startsNumber() {
    return digitAt(position + 1)
        || (text.startsWith(".", position + 1) && digitAt(position + 2));
  }

  private boolean digitAt(int at) {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private void skipLetters() {
    while (position < text.length()
        && (letter(text.charAt(position)) || Character.isDigit(text.charAt(position)))) {
      position++;
    }
  }

  private static boolean letter(char c) {
    return c == '_' || Character.isLetter(c);
  }

  /** A name must not run into what cannot follow it. */
  private void checkTerminator() {
    if (position >= text.length() || text.startsWith(RIGHT, position)) {
      return;
    }
    char c = text.charAt(position);
    if (SPACES.indexOf(c) < 0 && ".,|:)(=".indexOf(c) < 0) {
      throw failure("bad character " + unicode(c));
    }
  }

  private void add(Kind kind, int start, String word) {
    tokens.add(new Token(kind, start, word));
  }

  private static TemplateException failure(String message) {
    return new TemplateException(message);
  }
}
