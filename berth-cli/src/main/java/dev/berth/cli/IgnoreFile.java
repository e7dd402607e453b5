package dev.berth.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a build's {@code .dockerignore} leaves out: the last pattern that fits a file, or a folder
 * above it, decides; one with an exclamation mark in front takes it in again.
 *
 * @see <a href="https://docs.docker.com/build/concepts/context/#dockerignore-files">The rules</a>
 */
final class IgnoreFile {
  private record Rule(Pattern pattern, boolean includes) {}

  private final List<Rule> rules = new ArrayList<>();

  IgnoreFile(List<String> lines) {
    for (String line : lines) {
      String text = line.strip();
      if (text.isEmpty() || line.startsWith("#")) {
        continue;
      }
      boolean includes = text.startsWith("!");
      String path = Path.of(includes ? text.substring(1).strip() : text).normalize().toString();
      String below = path.startsWith("/") ? path.substring(1) : path;
      if (!below.isEmpty()) {
        rules.add(new Rule(Pattern.compile(regex(below)), includes));
      }
    }
  }

  /** The rules of a build: those beside its Dockerfile first, then those of its folder. */
  static IgnoreFile of(Path context, Path dockerfile) throws IOException {
    Path own = dockerfile.resolveSibling(dockerfile.getFileName() + ".dockerignore");
    Path file = Files.isRegularFile(own) ? own : context.resolve(".dockerignore");
    return new IgnoreFile(Files.isRegularFile(file) ? Files.readAllLines(file) : List.of());
  }

  /** Whether a file, named from the context's root, is left out. */
  boolean excludes(String path) {
    boolean excluded = false;
    for (Rule rule : rules) {
      if (excluded == rule.includes() && fits(rule, path)) {
        excluded = !rule.includes();
      }
    }
    return excluded;
  }

  /** Whether something below a folder that is left out may be taken in again. */
  boolean hasExceptions() {
    return rules.stream().anyMatch(Rule::includes);
  }

  private static boolean fits(Rule rule, String path) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (rule.pattern().matcher(path.substring(0, slash)).matches()) {
        return true;
      }
    }
    return rule.pattern().matcher(path).matches();
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("**", i)) {
        i++;
        if (glob.startsWith("/", i + 1)) {
          i++;
          regex.append("(?:.*/)?");
        } else {
          regex.append(".*");
        }
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (c == '[' || c == ']') {
        regex.append(c);
      } else if (c == '\\' && i + 1 < glob.length()) {
        regex.append(Pattern.quote(String.valueOf(glob.charAt(++i))));
      } else if (c == '-' || c == '^') {
        regex.append(c == '^' && !glob.startsWith("[", i - 1) ? "\\^" : String.valueOf(c));
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }
}
