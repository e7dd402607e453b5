package dev.berth.build;

import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that follows its instruction. Source: Dockerfile reference, "Here-Documents".
 *
 * @param name that ends it
 * @param content its lines
 * @param expand whether variables in it are replaced
 * @param chomp whether tabs at the start of its lines are left out
 */
record Heredoc(String name, String content, boolean expand, boolean chomp) {
  private static final Pattern START = Pattern.compile("(\\d*)<<(-?)\\s*([^<]*)");
  private static final Pattern LEADING_TABS = Pattern.compile("(?m)^\t+");

  /** The heredoc that a word begins, still without content. */
  static Optional<Heredoc> begunBy(String word) {
    Matcher matcher = START.matcher(word);
    if (!matcher.matches() || matcher.group(3).isEmpty()) {
      return Optional.empty();
    }
    String rest = matcher.group(3);
    List<String> words = ShellWords.ofHeredocs(false, false).split(rest, Map.of());
    if (words.size() != 1) {
      return Optional.empty();
    }
    String raw = ShellWords.ofHeredocs(true, false).split(rest, Map.of()).getFirst();
    String name = words.getFirst();
    boolean unquoted = quotes(name) == quotes(raw);
    return Optional.of(new Heredoc(name, "", unquoted, matcher.group(2).equals("-")));
  }

  /** All that a line begins. */
  static List<Heredoc> begunByLine(String line) {
    List<Heredoc> found = new ArrayList<>();
    List<String> words;
    try {
      words = ShellWords.ofHeredocs(true, true).split(line, Map.of());
    } catch (EngineException unreadable) {
      return found;
    }
    words.forEach(word -> begunBy(word).ifPresent(found::add));
    return found;
  }

  private static long quotes(String text) {
    return text.chars().filter(character -> character == '\'' || character == '"').count();
  }

  /** Whether a line ends it. */
  boolean endsWith(String line) {
    return (chomp ? LEADING_TABS.matcher(line).replaceFirst("") : line).equals(name);
  }

  /** The same with its content. */
  Heredoc containing(String lines) {
    return new Heredoc(name, lines, expand, chomp);
  }

  /** Its content as it is meant. */
  String text() {
    return chomp ? LEADING_TABS.matcher(content).replaceAll("") : content;
  }
}
