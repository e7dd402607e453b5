package dev.berth.build;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forms that arguments of instructions have. */
final class Words {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Words() {}

  /**
   * The strings of a JSON list, or null for what is none.
   *
   * @throws EngineException of kind INVALID for a list of other things
   */
  static @Nullable List<String> jsonList(String text) {
    if (!text.stripLeading().startsWith("[")) {
      return null;
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException noJson) {
      return null;
    }
    List<String> list = new ArrayList<>();
    for (JsonNode item : node) {
      if (!item.isTextual()) {
        throw EngineException.invalid(
            "when using JSON array syntax, arrays must be comprised of strings only");
      }
      list.add(item.textValue());
    }
    return list;
  }

  /** Separated by white space. */
  static List<String> plain(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("[\\t\\x0B\\f\\r ]+"));
  }

  /** A JSON list, or words. */
  static List<String> listOrPlain(String text) {
    List<String> list = jsonList(text);
    return list == null ? plain(text) : list;
  }

  /** Separated by white space outside of quotes; quotes and escapes stay. */
  static List<String> quoted(String text, char escape) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char quote = 0;
    boolean begun = false;
    for (int at = 0; at < text.length(); at++) {
      char character = text.charAt(at);
      if (quote == 0 && Character.isWhitespace(character)) {
        if (begun) {
          words.add(word.toString());
          word.setLength(0);
          begun = false;
        }
        continue;
      }
      begun = true;
      boolean escapes = character == escape && quote != '\'';
      if (escapes && at + 1 == text.length()) {
        break;
      }
      word.append(character);
      if (escapes) {
        word.append(text.charAt(++at));
      } else if (quote != 0) {
        quote = character == quote ? 0 : quote;
      } else if (character == '\'' || character == '"') {
        quote = character;
      }
    }
    if (begun && !word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }

  /**
   * {@code name=value} words, or the old form of one name and the rest of the line.
   *
   * @throws EngineException of kind INVALID for anything else
   */
  static List<Instruction.Pair> pairs(String keyword, String text, char escape) {
    List<String> words = quoted(text, escape);
    if (words.isEmpty()) {
      throw EngineException.invalid(keyword + " requires at least one argument");
    }
    List<Instruction.Pair> pairs = new ArrayList<>();
    if (words.getFirst().indexOf('=') < 0) {
      String[] parts = text.split("[\\t\\x0B\\f\\r ]+", 2);
      if (parts.length < 2) {
        throw EngineException.invalid(keyword + " must have two arguments");
      }
      pairs.add(new Instruction.Pair(parts[0], parts[1]));
      return pairs;
    }
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw EngineException.invalid(
            "Syntax error - can't find = in "
                + GoQuote.quote(word)
                + ". Must be of the form: name=value");
      }
      if (equals == 0) {
        throw EngineException.invalid(keyword + " names can not be blank");
      }
      pairs.add(new Instruction.Pair(word.substring(0, equals), word.substring(equals + 1)));
    }
    return pairs;
  }

  /**
   * Takes the words that begin with two dashes from the start of a text.
   *
   * @return where the rest begins
   */
  static int flags(String text, char escape, List<String> flags) {
    int at = 0;
    while (text.startsWith("--", at)) {
      int end = at;
      char quote = 0;
      StringBuilder word = new StringBuilder();
      while (end < text.length()) {
        char character = text.charAt(end);
        if (quote == 0 && Character.isWhitespace(character)) {
          break;
        }
        if (character == escape && end + 1 < text.length() && quote != '\'') {
          character = text.charAt(++end);
          word.append(character);
        } else if (quote == 0 && (character == '"' || character == '\'')) {
          quote = character;
        } else if (character == quote) {
          quote = 0;
        } else {
          word.append(character);
        }
        end++;
      }
      if (word.toString().equals("--")) {
        return end;
      }
      flags.add(word.toString());
      at = end;
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }
    return at;
  }

  /**
   * The values of flags by their names.
   *
   * @param known the names there are, with whether each may be given several times
   * @throws EngineException of kind INVALID in Docker's words
   */
  static Map<String, List<String>> flagValues(List<String> flags, Map<String, Boolean> known) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String flag : flags) {
      String text = flag.substring(2);
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      Boolean repeats = known.get(name);
      if (repeats == null) {
        throw EngineException.invalid("unknown flag: --" + name);
      }
      if (values.containsKey(name) && !repeats) {
        throw EngineException.invalid("duplicate flag specified: --" + name);
      }
      boolean truth = name.equals("link") || name.equals("parents") || name.equals("keep-git-dir");
      if (equals < 0 && !truth) {
        throw EngineException.invalid("missing a value on flag: --" + name);
      }
      String value = equals < 0 ? "true" : text.substring(equals + 1);
      if (truth && !value.equals("true") && !value.equals("false")) {
        throw EngineException.invalid(
            "expecting boolean value for flag --" + name + ", not: " + value);
      }
      values.computeIfAbsent(name, absent -> new ArrayList<>()).add(value);
    }
    return values;
  }
}
