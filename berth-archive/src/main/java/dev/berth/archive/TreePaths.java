package dev.berth.archive;

import java.util.ArrayList;
import java.util.List;

/** Paths in a tree, from its root, written with a slash in front. Pure; no link is looked at. */
public final class TreePaths {
  private TreePaths() {}

  /** The path without empty parts and dots; what would climb above the root stays at it. */
  public static String clean(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/")) {
      switch (part) {
        case "", "." -> {}
        case ".." -> {
          if (!parts.isEmpty()) {
            parts.removeLast();
          }
        }
        default -> parts.add(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  /** The folder of a clean path; the root's is the root. */
  public static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  /** The name that a clean path ends with; empty for the root. */
  public static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
