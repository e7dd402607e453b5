package dev.berth.image.driver.overlay2;

import dev.berth.archive.MergedDirectory;
import dev.berth.image.FilesystemChange;
import dev.berth.image.FilesystemChange.Kind;
import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container's own layer changes in those below. A directory counts as changed when its
 * attributes differ or anything in it changed; a file that was copied up and left as it was does
 * not. Of a removed directory only itself is named.
 */
final class LayerComparison {
  private static final int DIRECTORY =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;

  private final Path upper;
  private final List<Path> lowers;
  private final List<FilesystemChange> changes = new ArrayList<>();

  LayerComparison(Path upper, List<Path> lowers) {
    this.upper = upper;
    this.lowers = lowers;
  }

  List<FilesystemChange> changes() {
    MergedDirectory below = lowers.isEmpty() ? null : MergedDirectory.root(lowers);
    try (Fd root = FileCalls.open(upper.toString(), DIRECTORY)) {
      compare(root, "", below);
    }
    changes.sort(Comparator.comparing(FilesystemChange::path));
    return List.copyOf(changes);
  }

  private void compare(Fd directory, String path, @Nullable MergedDirectory below) {
    for (DirectoryEntry entry : FileCalls.list(directory)) {
      FileStatus status = FileCalls.statxIfExists(directory, entry.name());
      if (status != null) {
        compareOne(directory, entry.name(), path, status, below);
      }
    }
  }

  private void compareOne(
      Fd parent,
      String name,
      String parentPath,
      FileStatus status,
      @Nullable MergedDirectory parentBelow) {
    String path = parentPath + "/" + name;
    MergedDirectory.Child below = parentBelow == null ? null : parentBelow.child(name);
    if (status.isWhiteout()) {
      if (below != null) {
        add(Kind.DELETED, path);
      }
      return;
    }
    int before = changes.size();
    if (status.isDirectory()) {
      compareDirectory(parent, name, path, below == null ? null : below.directory());
    }
    if (below == null) {
      add(Kind.ADDED, path);
    } else if (changes.size() > before || status.differsFrom(below.status())) {
      add(Kind.MODIFIED, path);
    }
  }

  private void compareDirectory(
      Fd parent, String name, String path, @Nullable MergedDirectory below) {
    try (Fd directory = FileCalls.openat(parent, name, DIRECTORY, 0)) {
      compare(directory, path, below);
      if (below != null && MergedDirectory.isOpaque(directory)) {
        for (String hidden : below.names()) {
          if (FileCalls.statxIfExists(directory, hidden) == null) {
            add(Kind.DELETED, path + "/" + hidden);
          }
        }
      }
    } catch (LinuxException e) {
      // The container runs on: what was a directory a moment ago may be gone or be a link now.
      if (!e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR) && !e.is(Errno.ELOOP)) {
        throw e;
      }
    }
  }

  private void add(Kind kind, String path) {
    changes.add(new FilesystemChange(kind, path));
  }
}
