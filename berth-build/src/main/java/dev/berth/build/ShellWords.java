package dev.berth.build;

import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Quotes, escapes and variables in the words of a Dockerfile. Source: Dockerfile reference,
 * "Environment replacement".
 */
final class ShellWords {
  private final char escape;
  private final Rawness rawness;

  /**
   * What is kept as it was written.
   *
   * @param quotes quotation marks
   * @param escapes escape characters
   * @param unset variables that have no value
   * @param unquoted whether quotation marks are letters as any other
   */
  private record Rawness(boolean quotes, boolean escapes, boolean unset, boolean unquoted) {}

  private ShellWords(char escape, Rawness rawness) {
    this.escape = escape;
    this.rawness = rawness;
  }

  /** A reader for a Dockerfile of this escape character. */
  static ShellWords of(char escape) {
    return new ShellWords(escape, new Rawness(false, false, false, false));
  }

  /** A reader for the texts of heredocs, in which quotes mean nothing. */
  static ShellWords ofTexts() {
    return new ShellWords('\\', new Rawness(false, false, false, true));
  }

  /** One that looks for the starts of heredocs, and replaces nothing. */
  static ShellWords ofHeredocs(boolean rawQuotes, boolean rawEscapes) {
    return new ShellWords('\\', new Rawness(rawQuotes, rawEscapes, true, false));
  }

  /**
   * One word without its quotes and with its variables replaced.
   *
   * @throws EngineException of kind INVALID for what cannot be read so
   */
  String expand(String word, Map<String, String> variables) {
    return read(word, variables).text;
  }

  /** The same, taken apart where unquoted white space is. */
  List<String> split(String text, Map<String, String> variables) {
    return read(text, variables).words;
  }

  private Reading read(String source, Map<String, String> variables) {
    try {
      return new Scan(source, variables).until(Scan.END, rawness.escapes);
    } catch (EngineException failure) {
      throw EngineException.invalid(
          "failed to process " + GoQuote.quote(source) + ": " + failure.text());
    }
  }

  private record Reading(String text, List<String> words) {}

  /** Collects words. */
  private static final class Words {
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();

    void add(char character) {
      if (!Character.isWhitespace(character)) {
        word.append(character);
      } else {
        end();
      }
    }

    void addSplit(String text) {
      text.chars().forEach(character -> add((char) character));
    }

    void addWhole(String text) {
      word.append(text);
    }

    void end() {
      if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
  }

  /** One pass over a text. */
  private final class Scan {
    private static final int END = -1;

    private final String source;
    private final Map<String, String> variables;
    private int position;

    Scan(String source, Map<String, String> variables) {
      this.source = source;
      this.variables = variables;
    }

    private int peek() {
      return position < source.length() ? source.charAt(position) : END;
    }

    private int next() {
      return position < source.length() ? source.charAt(position++) : END;
    }

    Reading until(int stop, boolean rawEscapes) {
      StringBuilder text = new StringBuilder();
      Words words = new Words();
      while (peek() != END) {
        int character = peek();
        if (character == stop) {
          next();
          words.end();
          return new Reading(text.toString(), words.words);
        }
        boolean quote = character == '"' || character == '\'';
        if (quote && rawness.unquoted) {
          plain(text, words, rawEscapes);
          continue;
        }
        switch (character) {
          case '$' -> {
            String value = variable();
            text.append(value);
            words.addSplit(value);
          }
          case '\'', '"', '<' -> {
            String part = part(character, rawEscapes);
            text.append(part);
            words.addWhole(part);
          }
          default -> plain(text, words, rawEscapes);
        }
      }
      if (stop != END) {
        throw EngineException.invalid(
            "unexpected end of statement while looking for matching " + (char) stop);
      }
      words.end();
      return new Reading(text.toString(), words.words);
    }

    private void plain(StringBuilder text, Words words, boolean rawEscapes) {
      char character = (char) next();
      if (character != escape) {
        words.add(character);
        text.append(character);
        return;
      }
      if (rawEscapes) {
        words.addWhole(String.valueOf(character));
        text.append(character);
      }
      int escaped = next();
      if (escaped != END) {
        words.addWhole(String.valueOf((char) escaped));
        text.append((char) escaped);
      }
    }

    private String part(int character, boolean rawEscapes) {
      return switch (character) {
        case '\'' -> singleQuoted();
        case '"' -> doubleQuoted(rawEscapes);
        default -> possibleHeredoc();
      };
    }

    private String singleQuoted() {
      int from = position;
      int end = source.indexOf('\'', from + 1);
      if (end < 0) {
        position = source.length();
        throw EngineException.invalid(
            "unexpected end of statement while looking for matching single-quote");
      }
      position = end + 1;
      return rawness.quotes ? source.substring(from, position) : source.substring(from + 1, end);
    }

    private String doubleQuoted(boolean rawEscapes) {
      StringBuilder text = new StringBuilder();
      quote(text);
      while (peek() != '"') {
        switch (peek()) {
          case END ->
              throw EngineException.invalid(
                  "unexpected end of statement while looking for matching double-quote");
          case '$' -> text.append(variable());
          default -> {
            char character = (char) next();
            boolean escapes = character == escape && isEscapable(peek());
            if (character == escape && rawEscapes) {
              text.append(character);
            }
            if (escapes) {
              character = (char) next();
            }
            if (!(character == escape && peek() == END)) {
              text.append(character);
            }
          }
        }
      }
      quote(text);
      return text.toString();
    }

    private boolean isEscapable(int character) {
      return character == '"' || character == '$' || character == escape;
    }

    private void quote(StringBuilder text) {
      char character = (char) next();
      if (rawness.quotes) {
        text.append(character);
      }
    }

    /** Keeps {@code << NAME} together as one word. */
    private String possibleHeredoc() {
      next();
      if (peek() != '<') {
        return "<";
      }
      next();
      StringBuilder text = new StringBuilder("<<");
      while (peek() == ' ' || peek() == '\t' || peek() == '\r') {
        text.append((char) next());
      }
      return text.toString();
    }

    private String variable() {
      next();
      if (peek() != '{') {
        String name = name();
        if (name.isEmpty()) {
          return "$";
        }
        return valueOr(name, "$" + name);
      }
      next();
      switch (peek()) {
        case END -> throw EngineException.invalid("syntax error: missing '}'");
        case '{', '}', ':' -> throw EngineException.invalid("syntax error: bad substitution");
        default -> {}
      }
      return braced(name());
    }

    private String braced(String name) {
      int character = next();
      boolean emptyIsUnset = character == ':';
      String modifier = character == END ? "" : String.valueOf((char) character);
      if (emptyIsUnset) {
        character = next();
        modifier += character == END ? "" : String.valueOf((char) character);
      }
      boolean strips = character == '#' || character == '%';
      String value = variables.get(name);
      return switch (character) {
        case '}' -> {
          if (emptyIsUnset) {
            throw unsupported(modifier);
          }
          yield valueOr(name, "${" + name + "}");
        }
        case '-', '+', '?', '#', '%' -> {
          if (emptyIsUnset && strips) {
            throw unsupported(modifier);
          }
          String word = inBraces('}', strips, "syntax error: missing '}'");
          yield value == null && rawness.unset
              ? "${" + name + modifier + word + "}"
              : modified(name, (char) character, emptyIsUnset, word);
        }
        case '/' -> {
          if (emptyIsUnset) {
            throw unsupported(modifier);
          }
          yield replaced(name, value);
        }
        default -> throw unsupported(modifier);
      };
    }

    /** The value of a variable; of one without, what was written, where that is to stay. */
    private String valueOr(String name, String written) {
      String value = variables.get(name);
      if (value != null) {
        return value;
      }
      return rawness.unset ? written : "";
    }

    private static EngineException unsupported(String modifier) {
      return EngineException.invalid("unsupported modifier (" + modifier + ") in substitution");
    }

    private String inBraces(char stop, boolean rawEscapes, String missing) {
      try {
        return until(stop, rawEscapes).text;
      } catch (EngineException failure) {
        throw peek() == END ? EngineException.invalid(missing) : failure;
      }
    }

    private String modified(String name, char modifier, boolean emptyIsUnset, String word) {
      String value = variables.get(name);
      boolean unset = value == null || (emptyIsUnset && value.isEmpty());
      String known = value == null ? "" : value;
      return switch (modifier) {
        case '-' -> unset ? word : known;
        case '+' -> unset ? "" : word;
        case '?' -> {
          if (unset) {
            String fault = value == null ? "unset" : "empty";
            String message = word.isEmpty() ? "is not allowed to be " + fault : word;
            throw EngineException.invalid(name + ": " + message);
          }
          yield known;
        }
        case '#' -> ShellPattern.withoutPrefix(word, known);
        default -> ShellPattern.withoutSuffix(word, known);
      };
    }

    private String replaced(String name, @Nullable String value) {
      boolean all = peek() == '/';
      if (all) {
        next();
      }
      String pattern = inBraces('/', true, "syntax error: missing '/' in ${}");
      String replacement = inBraces('}', true, "syntax error: missing '}'");
      if (value == null && rawness.unset) {
        return "${" + name + "/" + pattern + "/" + replacement + "}";
      }
      return ShellPattern.replaced(pattern, value == null ? "" : value, replacement, all);
    }

    private String name() {
      int from = position;
      int first = peek();
      if (first == END) {
        return "";
      }
      if (Character.isDigit(first)) {
        while (Character.isDigit(peek())) {
          next();
        }
      } else if ("@*#?-$!".indexOf(first) >= 0) {
        next();
      } else {
        while (peek() != END && (Character.isLetterOrDigit(peek()) || peek() == '_')) {
          next();
        }
      }
      return source.substring(from, position);
    }
  }
}
