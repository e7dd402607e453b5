package dev.berth.image.driver.whole;

import dev.berth.archive.MergedDirectory;
import dev.berth.linux.Errno;
import dev.berth.linux.ExtendedAttributes;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileContent;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies what a stack of layers shows into one tree: owners, modes, times, attributes, hard links
 * and holes stay; blocks are shared with the layers where the file system can. Nobody else works on
 * the tree meanwhile.
 */
final class TreeComposer {
  private static final int DIRECTORY =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final int NEW_FILE =
      FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_EXCL | FileFlags.O_NOFOLLOW;

  private final Fd root;
  private final FileContent content = new FileContent();
  private final Map<String, String> firstNames = new HashMap<>();

  /**
   * @param root an empty directory, open for reading
   */
  TreeComposer(Fd root) {
    this.root = root;
  }

  /** Copies all of it, the root's own attributes too. */
  void compose(List<Path> lowers) {
    MergedDirectory below = MergedDirectory.root(lowers);
    copyChildren(below, root, "");
    String source = below.directories().getFirst().toString();
    copyExtendedAttributes(source, root.procPath() + "/.");
    FileCalls.fchownat(
        root, "", below.status().userId(), below.status().groupId(), FileFlags.AT_EMPTY_PATH);
    FileCalls.fchmod(root, below.status().permissions());
    setTime(root, ".", below.status());
  }

  private void copyChildren(MergedDirectory below, Fd directory, String path) {
    for (String name : below.names()) {
      MergedDirectory.Child child = below.child(name);
      if (child != null) {
        copyOne(child, directory, name, path.isEmpty() ? name : path + "/" + name);
      }
    }
  }

  private void copyOne(MergedDirectory.Child child, Fd parent, String name, String path) {
    FileStatus status = child.status();
    MergedDirectory below = child.directory();
    if (below != null) {
      FileCalls.mkdirat(parent, name, 0700);
      try (Fd directory = FileCalls.openat(parent, name, DIRECTORY, 0)) {
        copyChildren(below, directory, path);
      }
      copyAttributes(child, parent, name);
      return;
    }
    if (status.links() > 1) {
      String file = status.deviceMajor() + ":" + status.deviceMinor() + ":" + status.inode();
      String first = firstNames.putIfAbsent(file, path);
      if (first != null) {
        FileCalls.linkat(root, first, parent, name, 0);
        return;
      }
    }
    copyFile(child, parent, name);
    copyAttributes(child, parent, name);
  }

  private void copyFile(MergedDirectory.Child child, Fd parent, String name) {
    FileStatus status = child.status();
    switch (status.kind()) {
      case FileFlags.S_IFREG -> {
        int flags = FileFlags.O_RDONLY | FileFlags.O_NOFOLLOW;
        try (Fd source = FileCalls.open(child.path().toString(), flags);
            Fd target = FileCalls.openat(parent, name, NEW_FILE, 0600)) {
          content.copy(source, target, status);
        }
      }
      case FileFlags.S_IFLNK -> {
        String target = FileCalls.readlinkat(Fd.currentDirectory(), child.path().toString());
        FileCalls.symlinkat(target, parent, name);
      }
      default ->
          FileCalls.mknodat(
              parent, name, status.kind() | 0600, status.specialMajor(), status.specialMinor());
    }
  }

  private static void copyAttributes(MergedDirectory.Child child, Fd parent, String name) {
    FileStatus status = child.status();
    FileCalls.fchownat(
        parent, name, status.userId(), status.groupId(), FileFlags.AT_SYMLINK_NOFOLLOW);
    copyExtendedAttributes(child.path().toString(), parent.procPath() + "/" + name);
    if (!status.isSymbolicLink()) {
      FileCalls.fchmodat(parent, name, status.permissions());
    }
    setTime(parent, name, status);
  }

  private static void setTime(Fd parent, String name, FileStatus status) {
    FileCalls.utimensat(
        parent, name, status.modifyTime(), status.modifyTime(), FileFlags.AT_SYMLINK_NOFOLLOW);
  }

  private static void copyExtendedAttributes(String from, String to) {
    for (String attribute : ExtendedAttributes.llistxattr(from)) {
      if (attribute.startsWith("trusted.overlay.") || attribute.startsWith("user.overlay.")) {
        continue;
      }
      try {
        ExtendedAttributes.lgetxattr(from, attribute)
            .ifPresent(value -> ExtendedAttributes.lsetxattr(to, attribute, value));
      } catch (LinuxException e) {
        boolean unsupported =
            e.is(Errno.EOPNOTSUPP) || (e.is(Errno.EPERM) && attribute.startsWith("user."));
        if (!unsupported) {
          throw e;
        }
      }
    }
  }
}
