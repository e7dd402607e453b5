package dev.berth.build;

import dev.berth.archive.TreePaths;
import dev.berth.core.EngineException;
import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds what COPY and ADD name in a tree, the context's or an image's. */
final class CopySources {
  private static final int FOLDER =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final int MOST_LINKS = 40;

  private final Fd root;
  private final boolean context;
  private final boolean unpacked;
  private final IgnorePatterns excludes;

  /**
   * @param root of the tree; stays the caller's
   * @param context whether it is what the client sent
   * @param unpacked whether archives are to be unpacked
   * @param excludes what is left out
   */
  CopySources(Fd root, boolean context, boolean unpacked, IgnorePatterns excludes) {
    this.root = root;
    this.context = context;
    this.unpacked = unpacked;
    this.excludes = excludes;
  }

  /**
   * What a source names.
   *
   * @throws EngineException of kind INVALID in Docker's words when there is nothing
   */
  List<CopyItem> find(String source) {
    requireInside(source);
    String path = TreePaths.clean(source);
    if (!PathPattern.isPattern(source)) {
      return List.of(item(path));
    }
    Pattern pattern = PathPattern.compile(path.substring(1), false);
    List<CopyItem> found = new ArrayList<>();
    try (Fd top = FileCalls.openat(root, ".", FOLDER, 0)) {
      int depth = path.split("/").length - 1;
      walk(top, "", depth, pattern, found);
    }
    return found;
  }

  private void requireInside(String source) {
    int depth = 0;
    for (String part : source.split("/")) {
      switch (part) {
        case "", "." -> {}
        case ".." -> depth--;
        default -> depth++;
      }
      if (depth < 0 && context) {
        throw EngineException.invalid(
            "forbidden path outside the build context: " + source + " ()");
      }
    }
  }

  private void walk(Fd folder, String prefix, int depth, Pattern pattern, List<CopyItem> found) {
    List<DirectoryEntry> entries = new ArrayList<>(FileCalls.list(folder));
    entries.sort(Comparator.comparing(DirectoryEntry::name));
    for (DirectoryEntry entry : entries) {
      String path = prefix + entry.name();
      if (depth == 1) {
        if (pattern.matcher(path).matches()) {
          found.add(item("/" + path));
        }
      } else if (FileCalls.statx(folder, entry.name(), FileFlags.AT_SYMLINK_NOFOLLOW)
          .isDirectory()) {
        try (Fd below = FileCalls.openat(folder, entry.name(), FOLDER, 0)) {
          walk(below, path + "/", depth - 1, pattern, found);
        }
      }
    }
  }

  private CopyItem item(String path) {
    String name = TreePaths.last(path);
    String resolved = path;
    for (int followed = 0; followed < MOST_LINKS; followed++) {
      String target = linkTarget(resolved);
      if (target == null) {
        return item(resolved, name);
      }
      resolved = target;
    }
    throw failure(path, "too many levels of symbolic links");
  }

  /** Where the last part of a path leads, when it is a link. */
  private @Nullable String linkTarget(String path) {
    if (path.equals("/")) {
      return null;
    }
    try (Fd parent = CopyPaths.find(root, TreePaths.parent(path), FOLDER & ~FileFlags.O_NOFOLLOW)) {
      FileStatus status =
          parent == null ? null : FileCalls.statxIfExists(parent, TreePaths.last(path));
      if (parent == null || status == null) {
        throw failure(path, "file does not exist");
      }
      if (!status.isSymbolicLink()) {
        return null;
      }
      String target = FileCalls.readlinkat(parent, TreePaths.last(path));
      return TreePaths.clean(CopyPaths.joined(TreePaths.parent(path), target));
    } catch (LinuxException failed) {
      if (failed.is(Errno.ELOOP) || failed.is(Errno.ENAMETOOLONG)) {
        throw failure(path, failed.errno().text());
      }
      throw failed;
    }
  }

  private CopyItem item(String path, String name) {
    FileStatus status = CopyPaths.status(root, path);
    if (status == null) {
      throw failure(path, "file does not exist");
    }
    ContentHash hash = new ContentHash(excludes);
    if (status.isDirectory()) {
      try (Fd folder = CopyPaths.find(root, path, FOLDER & ~FileFlags.O_NOFOLLOW)) {
        if (folder == null) {
          throw failure(path, "file does not exist");
        }
        return new CopyItem(root, path, name, true, "dir:" + hash.ofChildren(folder), false);
      }
    }
    try (Fd parent = CopyPaths.find(root, TreePaths.parent(path), FOLDER & ~FileFlags.O_NOFOLLOW)) {
      if (parent == null) {
        throw failure(path, "file does not exist");
      }
      String digest = hash.ofOne(parent, TreePaths.last(path));
      return new CopyItem(
          root,
          path,
          name,
          false,
          "file:" + (name.equals(TreePaths.last(path)) ? digest : ContentHash.of(name + digest)),
          unpacked);
    }
  }

  private EngineException failure(String path, String reason) {
    String stat = "stat " + path.substring(1) + ": " + reason;
    return EngineException.invalid(
        context ? "file not found in build context or excluded by .dockerignore: " + stat : stat);
  }
}
