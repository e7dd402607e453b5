package dev.berth.build;

import dev.berth.core.EngineException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Patterns of {@code *} and {@code ?} in variables that are cut or replaced. */
final class ShellPattern {
  private ShellPattern() {}

  /** What is left after the pattern was taken from the start; as much of it as its form says. */
  static String withoutPrefix(String pattern, String value) {
    boolean greedy = pattern.startsWith("#");
    Pattern prefix = compile(greedy ? pattern.substring(1) : pattern, greedy);
    Matcher matcher = prefix.matcher(value);
    return matcher.lookingAt() ? value.substring(matcher.end()) : value;
  }

  /** What is left after the pattern was taken from the end. */
  static String withoutSuffix(String pattern, String value) {
    boolean greedy = pattern.startsWith("%");
    Pattern suffix = compile(greedy ? pattern.substring(1) : pattern, true);
    int found = -1;
    for (int at = greedy ? 0 : value.length(); at >= 0 && at <= value.length(); ) {
      if (suffix.matcher(value.substring(at)).matches()) {
        found = at;
        break;
      }
      at += greedy ? 1 : -1;
    }
    return found < 0 ? value : value.substring(0, found);
  }

  /** The value with the first, or every, longest match of the pattern replaced. */
  static String replaced(String pattern, String value, String replacement, boolean all) {
    Matcher matcher = compile(pattern, true).matcher(value);
    String literal = Matcher.quoteReplacement(replacement);
    return all ? matcher.replaceAll(literal) : matcher.replaceFirst(literal);
  }

  private static Pattern compile(String pattern, boolean greedy) {
    StringBuilder expression = new StringBuilder();
    for (int at = 0; at < pattern.length(); at++) {
      char character = pattern.charAt(at);
      switch (character) {
        case '*' -> expression.append(greedy ? ".*" : ".*?");
        case '?' -> expression.append('.');
        case '\\' -> {
          at++;
          char escaped = at < pattern.length() ? pattern.charAt(at) : 0;
          if ("*?\\/}".indexOf(escaped) < 0 || escaped == 0) {
            String text = escaped == 0 ? "" : String.valueOf(escaped);
            throw EngineException.invalid(
                "invalid pattern ("
                    + pattern
                    + ") in substitution: invalid escape '\\"
                    + text
                    + "'");
          }
          expression.append(Pattern.quote(String.valueOf(escaped)));
        }
        default -> expression.append(Pattern.quote(String.valueOf(character)));
      }
    }
    return Pattern.compile(expression.toString(), Pattern.DOTALL);
  }
}
