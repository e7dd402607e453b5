package dev.berth.volume;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths as text, by the rules of Go's {@code path} package, which Docker's answers follow. */
final class CleanPath {
  private CleanPath() {}

  static boolean isAbsolute(String path) {
    return path.startsWith("/");
  }

  /** Without empty, {@code .} and resolvable {@code ..} elements; never empty. */
  static String of(String path) {
    boolean absolute = isAbsolute(path);
    Deque<String> elements = new ArrayDeque<>();
    for (String element : path.split("/", -1)) {
      if (element.equals("..")) {
        if (!elements.isEmpty() && !elements.getLast().equals("..")) {
          elements.removeLast();
        } else if (!absolute) {
          elements.addLast("..");
        }
      } else if (!element.isEmpty() && !element.equals(".")) {
        elements.addLast(element);
      }
    }
    String joined = String.join("/", elements);
    if (absolute) {
      return "/" + joined;
    }
    return joined.isEmpty() ? "." : joined;
  }

  /** Whether a relative path stays below where it starts, judged by its text. */
  static boolean isLocal(String path) {
    if (path.isEmpty() || isAbsolute(path)) {
      return false;
    }
    String clean = of(path);
    return !clean.equals("..") && !clean.startsWith("../");
  }

  /** How many elements a clean absolute path has. */
  static int depth(String path) {
    return path.equals("/") ? 0 : (int) path.chars().filter(c -> c == '/').count();
  }
}
