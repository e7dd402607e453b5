package dev.berth.image;

import dev.berth.core.EngineException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Shell patterns as Go's {@code path.Match} reads them: no wildcard matches a slash. */
final class Glob {

  private Glob() {}

  static Pattern compile(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> regex.append("[^/]*");
        case '?' -> regex.append("[^/]");
        case '[' -> {
          int end = glob.indexOf(']', i + 2);
          if (end < 0) {
            throw malformed(glob);
          }
          String set = glob.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
          regex.append('[').append(set).append(']');
          i = end;
        }
        default -> {
          if (c == '\\' && ++i >= glob.length()) {
            throw malformed(glob);
          }
          regex.append(Pattern.quote(String.valueOf(glob.charAt(i))));
        }
      }
    }
    try {
      return Pattern.compile(regex.toString());
    } catch (PatternSyntaxException e) {
      throw malformed(glob);
    }
  }

  private static EngineException malformed(String glob) {
    return EngineException.invalid(
        "invalid reference filter \"" + glob + "\": syntax error in pattern");
  }
}
