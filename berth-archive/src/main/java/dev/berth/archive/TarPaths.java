package dev.berth.archive;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Names within an archive, as paths below the directory it is unpacked to. */
final class TarPaths {

  private TarPaths() {}

  /** Without leading slash, empty parts and dots; empty for the directory itself. */
  static String clean(String name) throws TarFormatException {
    if (isClean(name)) {
      return name;
    }
    String path = resolve("", name);
    if (path == null) {
      throw new TarFormatException("\"" + name + "\" is outside of \"/\"");
    }
    return path;
  }

  /** The target of a hard link, which is a name from the archive's root. */
  static String cleanLink(TarEntry entry) throws TarFormatException {
    String path = isClean(entry.linkName()) ? entry.linkName() : resolve("", entry.linkName());
    if (path == null || path.isEmpty()) {
      throw new TarFormatException(
          "invalid hardlink \"" + entry.name() + "\" -> \"" + entry.linkName() + "\"");
    }
    return path;
  }

  /** Refuses a symbolic link that climbs above the root. An absolute one is read from the root. */
  static void requireInside(String path, TarEntry entry) throws TarFormatException {
    String link = entry.linkName();
    if (link.isEmpty() || (!link.startsWith("/") && resolve(parent(path), link) == null)) {
      throw new TarFormatException("invalid symlink \"" + entry.name() + "\" -> \"" + link + "\"");
    }
  }

  /** Without so many leading parts of a clean path; null where it has no more than those. */
  static @Nullable String strip(String path, int components) {
    int start = 0;
    for (int i = 0; i < components; i++) {
      int slash = path.indexOf('/', start);
      if (slash < 0) {
        return i == components - 1 && start < path.length() ? "" : null;
      }
      start = slash + 1;
    }
    return path.substring(start);
  }

  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** A quick look that most names pass: no slash at either end, no empty part, no part of dots. */
  private static boolean isClean(String name) {
    if (name.isEmpty() || name.charAt(0) == '/' || name.charAt(name.length() - 1) == '/') {
      return false;
    }
    boolean partStarts = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (partStarts && (c == '.' || c == '/')) {
        return false;
      }
      partStarts = c == '/';
    }
    return true;
  }

  private static @Nullable String resolve(String base, String name) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : base.split("/")) {
      if (!part.isEmpty()) {
        parts.addLast(part);
      }
    }
    for (String part : name.split("/")) {
      switch (part) {
        case "", "." -> {}
        case ".." -> {
          if (parts.pollLast() == null) {
            return null;
          }
        }
        default -> parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }
}
