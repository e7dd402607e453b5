package dev.berth.build;

import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes a Dockerfile apart into instructions: comments, parser directives, continuation lines and
 * heredocs. Source: Dockerfile reference, "Format".
 */
final class LineReader {
  private static final int LONGEST_LINE = 64 * 1024 - 1;
  private static final Set<String> WITH_HEREDOCS = Set.of("add", "copy", "run");
  private static final Pattern DIRECTIVE =
      Pattern.compile("#\\s*([a-zA-Z][a-zA-Z0-9]*)\\s*=\\s*(.+?)\\s*");
  private static final Set<String> DIRECTIVES = Set.of("escape", "syntax", "check");

  private final List<String> lines;
  private final List<String> seenDirectives = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private boolean directivesPossible = true;
  private char escape = '\\';
  private int position;

  private LineReader(String text) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    this.lines = content.isEmpty() ? List.of() : List.of(content.split("(?<=\n)"));
  }

  /**
   * What was read.
   *
   * @param lines the instructions
   * @param escape the escape character
   * @param warnings for the user
   */
  record Source(List<SourceLine> lines, char escape, List<String> warnings) {}

  /**
   * Takes a Dockerfile apart.
   *
   * @throws EngineException of kind INVALID when there is no instruction in it, or one that cannot
   *     be read
   */
  static Source read(String text) {
    LineReader reader = new LineReader(text);
    List<SourceLine> instructions = new ArrayList<>();
    while (reader.position < reader.lines.size()) {
      SourceLine line = reader.instruction();
      if (line != null) {
        instructions.add(line);
      }
    }
    if (instructions.isEmpty()) {
      throw EngineException.invalid("file with no instructions");
    }
    return new Source(instructions, reader.escape, List.copyOf(reader.warnings));
  }

  /** A single instruction, as an ONBUILD trigger is kept. */
  static SourceLine single(String text) {
    List<SourceLine> lines = read(text).lines();
    if (lines.size() != 1) {
      throw EngineException.invalid("onbuild trigger should be a single expression");
    }
    return lines.getFirst();
  }

  private String next() {
    String line = lines.get(position++);
    if (line.length() > LONGEST_LINE) {
      throw EngineException.invalid(
          "dockerfile line greater than max allowed size of " + LONGEST_LINE);
    }
    return line;
  }

  private @Nullable SourceLine instruction() {
    String line = withoutEnd(next()).stripLeading();
    directive(line);
    int first = position;
    if (line.startsWith("#") || line.isEmpty()) {
      return null;
    }
    StringBuilder joined = new StringBuilder();
    boolean emptyLines = false;
    boolean goesOn = append(joined, line);
    while (goesOn && position < lines.size()) {
      String more = withoutEnd(next());
      if (more.stripLeading().startsWith("#")) {
        continue;
      }
      if (more.isBlank()) {
        emptyLines = true;
        continue;
      }
      goesOn = append(joined, more);
    }
    String whole = joined.toString();
    if (emptyLines) {
      warnings.add("Empty continuation line found in: " + whole);
    }
    if (whole.isBlank()) {
      return null;
    }
    SourceLine instruction = split(whole, first);
    return whole.contains("<<") && takesHeredocs(instruction)
        ? instruction.with(heredocs(whole))
        : instruction;
  }

  /** Tells whether the instruction goes on in the next line. */
  private boolean append(StringBuilder joined, String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
      end--;
    }
    boolean marked = end > 0 && line.charAt(end - 1) == escape;
    boolean escaped = end > 1 && line.charAt(end - 2) == escape;
    if (marked && !escaped) {
      joined.append(line, 0, end - 1);
      return true;
    }
    joined.append(line);
    return false;
  }

  private void directive(String line) {
    if (!directivesPossible) {
      return;
    }
    Matcher matcher = DIRECTIVE.matcher(line);
    String name = matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
    if (!DIRECTIVES.contains(name)) {
      directivesPossible = false;
      return;
    }
    if (seenDirectives.contains(name)) {
      throw EngineException.invalid("only one " + name + " parser directive can be used");
    }
    seenDirectives.add(name);
    if (name.equals("escape")) {
      String wanted = matcher.group(2);
      if (!wanted.equals("\\") && !wanted.equals("`")) {
        throw EngineException.invalid(
            "invalid escape token '" + wanted + "' does not match ` or \\");
      }
      escape = wanted.charAt(0);
    }
  }

  private boolean takesHeredocs(SourceLine line) {
    String keyword = line.keyword().toLowerCase(Locale.ROOT);
    String arguments = line.arguments();
    if (keyword.equals("onbuild") && !arguments.isEmpty()) {
      SourceLine trigger = split(arguments, line.number());
      keyword = trigger.keyword().toLowerCase(Locale.ROOT);
      arguments = trigger.arguments();
    }
    return WITH_HEREDOCS.contains(keyword) && Words.jsonList(arguments) == null;
  }

  private List<Heredoc> heredocs(String line) {
    List<Heredoc> found = new ArrayList<>();
    for (Heredoc heredoc : Heredoc.begunByLine(line)) {
      StringBuilder content = new StringBuilder();
      boolean ended = false;
      while (!ended && position < lines.size()) {
        String text = lines.get(position++);
        ended = heredoc.endsWith(withoutEnd(text));
        if (!ended) {
          content.append(text);
        }
      }
      if (!ended) {
        throw EngineException.invalid("unterminated heredoc");
      }
      found.add(heredoc.containing(content.toString()));
    }
    return found;
  }

  private SourceLine split(String line, int number) {
    String trimmed = line.strip();
    String[] parts = trimmed.split("[\\t\\x0B\\f\\r ]+", 2);
    String rest = parts.length > 1 ? parts[1].strip() : "";
    List<String> flags = new ArrayList<>();
    int at = Words.flags(rest, escape, flags);
    return new SourceLine(parts[0], flags, rest.substring(at).strip(), List.of(), line, number);
  }

  private static String withoutEnd(String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == '\n' || line.charAt(end - 1) == '\r')) {
      end--;
    }
    return line.substring(0, end);
  }
}
