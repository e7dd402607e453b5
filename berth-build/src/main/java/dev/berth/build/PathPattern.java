package dev.berth.build;

import dev.berth.core.EngineException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Patterns of paths as Go's {@code filepath.Match} reads them, where no wildcard matches a slash.
 *
 * @see <a href="https://pkg.go.dev/path/filepath#Match">filepath.Match</a>
 */
final class PathPattern {
  private PathPattern() {}

  /** Whether a path is a pattern at all. */
  static boolean isPattern(String path) {
    for (int at = 0; at < path.length(); at++) {
      char character = path.charAt(at);
      if (character == '\\') {
        at++;
      } else if (character == '*' || character == '?' || character == '[') {
        return true;
      }
    }
    return false;
  }

  /**
   * Compiles a pattern.
   *
   * @param doubleStars whether {@code **} stands for any number of folders
   * @throws EngineException of kind INVALID when it is malformed
   */
  static Pattern compile(String pattern, boolean doubleStars) {
    StringBuilder expression = new StringBuilder();
    int at = 0;
    while (at < pattern.length()) {
      char character = pattern.charAt(at);
      if (doubleStars && pattern.startsWith("**", at)) {
        at += 2;
        if (at < pattern.length() && pattern.charAt(at) == '/') {
          at++;
        }
        expression.append(at == pattern.length() ? ".*" : "(?:.*/)?");
        continue;
      }
      switch (character) {
        case '*' -> expression.append("[^/]*");
        case '?' -> expression.append("[^/]");
        case '[' -> at = set(pattern, at, expression);
        case '\\' -> {
          at++;
          if (at == pattern.length()) {
            throw malformed(pattern);
          }
          expression.append(Pattern.quote(String.valueOf(pattern.charAt(at))));
        }
        default -> expression.append(Pattern.quote(String.valueOf(character)));
      }
      at++;
    }
    try {
      return Pattern.compile(expression.toString(), Pattern.DOTALL);
    } catch (PatternSyntaxException failure) {
      throw malformed(pattern);
    }
  }

  private static int set(String pattern, int from, StringBuilder expression) {
    int at = from + 1;
    expression.append("(?!/)[");
    if (at < pattern.length() && pattern.charAt(at) == '^') {
      expression.append('^');
      at++;
    }
    int begun = at;
    while (at < pattern.length() && (pattern.charAt(at) != ']' || at == begun)) {
      char character = pattern.charAt(at);
      if (character == '\\' && at + 1 < pattern.length()) {
        character = pattern.charAt(++at);
        expression.append('\\').append(character);
      } else if (character == '-') {
        expression.append('-');
      } else {
        expression.append("[]^&\\".indexOf(character) >= 0 ? "\\" : "").append(character);
      }
      at++;
    }
    if (at >= pattern.length() || at == begun) {
      throw malformed(pattern);
    }
    expression.append(']');
    return at;
  }

  private static EngineException malformed(String pattern) {
    return EngineException.invalid("syntax error in pattern: " + pattern);
  }
}
