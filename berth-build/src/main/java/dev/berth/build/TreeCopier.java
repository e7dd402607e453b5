package dev.berth.build;

import dev.berth.archive.Trees;
import dev.berth.core.EngineException;
import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Errno;
import dev.berth.linux.ExtendedAttributes;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileContent;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Copies files into an image's tree. Every step is relative to an open folder and follows no link;
 * what is no regular file is never opened. One instance serves one instruction.
 */
final class TreeCopier {
  private static final int FOLDER =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final int SOURCE =
      FileFlags.O_RDONLY | FileFlags.O_NOFOLLOW | FileFlags.O_NONBLOCK;
  private static final int NEW_FILE =
      FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_EXCL | FileFlags.O_NOFOLLOW;
  private static final int DEEPEST = 200;

  private final Workshop.@Nullable Owner owner;
  private final int mode;
  private final IgnorePatterns excludes;
  private final FileContent content = new FileContent();
  private final Map<String, Place> links = new HashMap<>();

  private record Place(Fd top, String path) {}

  /**
   * @param owner of the copies, or null for the owners that the files have
   * @param mode of the copies, or -1 for the modes that the files have
   * @param excludes what is left out, by paths within what is copied
   */
  TreeCopier(Workshop.@Nullable Owner owner, int mode, IgnorePatterns excludes) {
    this.owner = owner;
    this.mode = mode;
    this.excludes = excludes;
  }

  /** Copies everything in a folder into another. */
  void children(Fd from, Fd to) {
    children(from, to, new Folder(to, "", 0));
  }

  /** Gives a folder that was made for it what belongs to the one it is copied from. */
  void attributes(Fd from, Fd to) {
    FileStatus status = FileCalls.statx(from);
    copyAttributes(from.procPath() + "/.", to.procPath() + "/.");
    FileCalls.fchownat(to, "", userId(status), groupId(status), FileFlags.AT_EMPTY_PATH);
    FileCalls.fchmod(to, mode(status));
  }

  /** Where in the copy something is. */
  private record Folder(Fd top, String path, int depth) {
    String child(String name) {
      return path.isEmpty() ? name : path + "/" + name;
    }
  }

  private void children(Fd from, Fd to, Folder place) {
    if (place.depth > DEEPEST) {
      throw EngineException.invalid(
          "folders are nested too deeply: " + place.path.substring(0, 80) + "…");
    }
    for (DirectoryEntry entry : FileCalls.list(from)) {
      copy(from, entry.name(), to, entry.name(), place);
    }
  }

  /** Copies one name of a folder, whatever it is, to a name in another. */
  void one(Fd from, String name, Fd to, String newName) {
    copy(from, name, to, newName, new Folder(to, "", 0));
  }

  private void copy(Fd from, String name, Fd to, String newName, Folder place) {
    String path = place.child(newName);
    boolean excluded = !excludes.isEmpty() && excludes.leavesOut(path);
    FileStatus status = FileCalls.statx(from, name, FileFlags.AT_SYMLINK_NOFOLLOW);
    if (excluded && !(status.isDirectory() && excludes.hasExceptions())) {
      return;
    }
    if (status.isDirectory()) {
      folder(from, name, to, newName, new Folder(place.top, path, place.depth + 1));
      return;
    }
    makeRoom(to, newName);
    String inode = status.deviceMajor() + ":" + status.deviceMinor() + ":" + status.inode();
    Place first = status.links() > 1 ? links.putIfAbsent(inode, new Place(place.top, path)) : null;
    if (first != null && first.top.equals(place.top)) {
      FileCalls.linkat(first.top, first.path, to, newName, 0);
      return;
    }
    switch (status.kind()) {
      case FileFlags.S_IFREG -> file(from, name, to, newName, status);
      case FileFlags.S_IFLNK -> FileCalls.symlinkat(FileCalls.readlinkat(from, name), to, newName);
      case FileFlags.S_IFSOCK -> {
        return;
      }
      default ->
          FileCalls.mknodat(
              to, newName, status.mode(), status.specialMajor(), status.specialMinor());
    }
    finish(from, name, to, newName, status);
  }

  private void folder(Fd from, String name, Fd to, String newName, Folder place) {
    FileStatus there = FileCalls.statxIfExists(to, newName);
    if (there != null && !there.isDirectory()) {
      Trees.delete(to, newName);
      there = null;
    }
    if (there == null) {
      FileCalls.mkdirat(to, newName, 0700);
    }
    try (Fd source = FileCalls.openat(from, name, FOLDER, 0);
        Fd target = FileCalls.openat(to, newName, FOLDER, 0)) {
      children(source, target, place);
      attributes(source, target);
      FileStatus status = FileCalls.statx(source);
      setTimes(to, newName, status);
    }
  }

  private static void makeRoom(Fd to, String name) {
    if (FileCalls.statxIfExists(to, name) != null) {
      Trees.delete(to, name);
    }
  }

  private void file(Fd from, String name, Fd to, String newName, FileStatus status) {
    try (Fd source = FileCalls.openat(from, name, SOURCE, 0);
        Fd target = FileCalls.openat(to, newName, NEW_FILE, 0600)) {
      content.copy(source, target, status);
    }
  }

  private void finish(Fd from, String name, Fd to, String newName, FileStatus status) {
    FileCalls.fchownat(to, newName, userId(status), groupId(status), FileFlags.AT_SYMLINK_NOFOLLOW);
    copyAttributes(from.procPath() + "/" + name, to.procPath() + "/" + newName);
    if (!status.isSymbolicLink()) {
      FileCalls.fchmodat(to, newName, mode(status));
    }
    setTimes(to, newName, status);
  }

  private int userId(FileStatus status) {
    return owner == null ? status.userId() : owner.userId();
  }

  private int groupId(FileStatus status) {
    return owner == null ? status.groupId() : owner.groupId();
  }

  private int mode(FileStatus status) {
    return mode < 0 ? status.permissions() : mode;
  }

  private static void setTimes(Fd folder, String name, FileStatus status) {
    FileCalls.utimensat(
        folder, name, status.modifyTime(), status.modifyTime(), FileFlags.AT_SYMLINK_NOFOLLOW);
  }

  private static void copyAttributes(String from, String to) {
    for (String attribute : ExtendedAttributes.llistxattr(from)) {
      boolean portable = attribute.equals("security.capability") || attribute.startsWith("user.");
      if (portable && !attribute.startsWith("user.overlay.")) {
        ExtendedAttributes.lgetxattr(from, attribute)
            .ifPresent(value -> setAttribute(to, attribute, value));
      }
    }
  }

  private static void setAttribute(String path, String attribute, byte[] value) {
    try {
      ExtendedAttributes.lsetxattr(path, attribute, value);
    } catch (LinuxException failure) {
      if (!failure.is(Errno.EOPNOTSUPP) && !failure.is(Errno.EPERM)) {
        throw failure;
      }
    }
  }
}
