package dev.berth.build;

import dev.berth.archive.TreePaths;
import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What {@code .dockerignore} leaves out of a build: the last line that matches a path, or a folder
 * that holds it, decides. Source: "Build context", section ".dockerignore files".
 */
public final class IgnorePatterns {
  private final List<Rule> rules;

  private record Rule(Pattern pattern, boolean exception) {}

  private IgnorePatterns(List<Rule> rules) {
    this.rules = rules;
  }

  /**
   * Reads the file.
   *
   * @throws EngineException of kind INVALID for a malformed line
   */
  public static IgnorePatterns read(String text) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    List<String> patterns = new ArrayList<>();
    content
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(patterns::add);
    return of(patterns);
  }

  /**
   * The same from patterns.
   *
   * @throws EngineException of kind INVALID for a malformed one
   */
  public static IgnorePatterns of(List<String> patterns) {
    List<Rule> rules = new ArrayList<>();
    for (String line : patterns) {
      boolean exception = line.startsWith("!");
      String pattern = TreePaths.clean(exception ? line.substring(1).strip() : line).substring(1);
      if (exception && pattern.isEmpty()) {
        throw EngineException.invalid("illegal exclusion pattern: \"!\"");
      }
      if (!pattern.isEmpty() && !pattern.equals(".")) {
        rules.add(new Rule(compile(pattern), exception));
      }
    }
    return new IgnorePatterns(List.copyOf(rules));
  }

  private static Pattern compile(String pattern) {
    try {
      return PathPattern.compile(pattern, true);
    } catch (EngineException malformed) {
      throw EngineException.invalid("error from patternmatcher: " + malformed.text());
    }
  }

  /** Whether nothing is left out. */
  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /** Whether something below a folder that is left out may be kept. */
  public boolean hasExceptions() {
    return rules.stream().anyMatch(Rule::exception);
  }

  /**
   * Whether a path is left out.
   *
   * @param path without a slash in front
   */
  public boolean leavesOut(String path) {
    String[] parts = path.split("/");
    boolean out = false;
    for (Rule rule : rules) {
      if (rule.exception == out && matches(rule, parts)) {
        out = !rule.exception;
      }
    }
    return out;
  }

  private static boolean matches(Rule rule, String[] parts) {
    StringBuilder prefix = new StringBuilder();
    for (String part : parts) {
      prefix.append(prefix.isEmpty() ? "" : "/").append(part);
      if (rule.pattern.matcher(prefix).matches()) {
        return true;
      }
    }
    return false;
  }
}
