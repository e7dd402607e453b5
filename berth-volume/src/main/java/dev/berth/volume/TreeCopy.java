package dev.berth.volume;

import dev.berth.archive.Trees;
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

/**
 * Copies a tree with everything that belongs to it: owners, modes, times, extended attributes, hard
 * links, holes, symbolic links, device nodes and pipes. Every step is relative to an open directory
 * and follows no link, so that neither side can lead it elsewhere.
 */
final class TreeCopy {
  private static final int OPEN_FOLDER =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final int OPEN_FILE =
      FileFlags.O_RDONLY | FileFlags.O_NOFOLLOW | FileFlags.O_NONBLOCK;
  private static final int CREATE_FILE =
      FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_EXCL | FileFlags.O_NOFOLLOW;

  /** Files are made with these; the set-user-id bit waits until owner and content are right. */
  private static final int PLAIN_BITS = 0777;

  private static final int EXCHANGES = 8;

  /** Each level holds two descriptors. */
  private static final int MAX_DEPTH = 300;

  private final Fd top;
  private final FileContent content;
  private final Map<Identity, String> linked = new HashMap<>();

  private record Identity(long device, long inode) {}

  private TreeCopy(Fd top, FileContent content) {
    this.top = top;
    this.content = content;
  }

  /**
   * Copies what is in a directory, and the directory's own owner, mode, times and attributes.
   *
   * @param from the directory
   * @param to an empty directory
   */
  static void copy(Fd from, Fd to) {
    new TreeCopy(to, new FileContent()).copyFolder(from, to, "", 0);
  }

  /**
   * The same for a tree that others may be changing, with blocks shared wherever that is possible.
   * What vanishes meanwhile is left out.
   *
   * @param observer told of what is copied; what it throws ends the copy
   */
  static void copy(Fd from, Fd to, CopyObserver observer) {
    new TreeCopy(to, new FileContent(true, observer::copied)).copyFolder(from, to, "", 0);
  }

  private void copyFolder(Fd from, Fd to, String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw new LinuxException(Errno.ENAMETOOLONG, "copy", path);
    }
    for (DirectoryEntry entry : FileCalls.list(from)) {
      copyUnlessGone(from, to, entry.name(), path, depth);
    }
    FileStatus status = FileCalls.statx(from);
    takeOwnerAndMode(to, status);
    copyAttributes(from, to);
    FileCalls.utimensat(
        to, ".", status.accessTime(), status.modifyTime(), FileFlags.AT_SYMLINK_NOFOLLOW);
  }

  /** A name that somebody gives to one thing after the other is left out in the end. */
  private void copyUnlessGone(Fd from, Fd to, String name, String path, int depth) {
    for (int attempt = 0; attempt < EXCHANGES; attempt++) {
      FileStatus status = FileCalls.statxIfExists(from, name);
      if (status == null) {
        return;
      }
      try {
        copyEntry(from, to, name, status, new Place(path, depth));
        return;
      } catch (LinuxException e) {
        FileStatus now = FileCalls.statxIfExists(from, name);
        if (now != null && !isExchange(e) && identity(now).equals(identity(status))) {
          throw e;
        }
        linked.values().remove(path + name);
        Trees.delete(to, name);
      }
    }
  }

  /** What becomes of a name that means something else than a moment ago. */
  private static boolean isExchange(LinuxException failure) {
    return failure.is(Errno.ENOENT) || failure.is(Errno.ENOTDIR) || failure.is(Errno.ELOOP);
  }

  private record Place(String path, int depth) {}

  private void copyEntry(Fd from, Fd to, String name, FileStatus status, Place place) {
    String path = place.path;
    if (!status.isDirectory() && isLinkedAlready(status, path + name)) {
      FileCalls.linkat(top, linkedPath(status), to, name, 0);
      return;
    }
    switch (status.kind()) {
      case FileFlags.S_IFDIR -> copySubfolder(from, to, name, path, place.depth);
      case FileFlags.S_IFREG -> copyFile(from, to, name, status);
      case FileFlags.S_IFLNK -> copyLink(from, to, name, status);
      default -> copySpecial(from, to, name, status);
    }
  }

  private boolean isLinkedAlready(FileStatus status, String path) {
    return status.links() > 1 && linked.putIfAbsent(identity(status), path) != null;
  }

  private String linkedPath(FileStatus status) {
    return linked.getOrDefault(identity(status), "");
  }

  private static Identity identity(FileStatus status) {
    long device = ((long) status.deviceMajor() << 32) | status.deviceMinor();
    return new Identity(device, status.inode());
  }

  private void copySubfolder(Fd from, Fd to, String name, String path, int depth) {
    FileCalls.mkdirat(to, name, 0700);
    try (Fd source = FileCalls.openat(from, name, OPEN_FOLDER, 0);
        Fd target = FileCalls.openat(to, name, OPEN_FOLDER, 0)) {
      copyFolder(source, target, path + name + "/", depth + 1);
    }
  }

  private void copyFile(Fd from, Fd to, String name, FileStatus status) {
    try (Fd source = FileCalls.openat(from, name, OPEN_FILE, 0);
        Fd target = FileCalls.openat(to, name, CREATE_FILE, status.permissions() & PLAIN_BITS)) {
      content.copy(source, target, status);
      takeOwnerAndMode(target, status);
      copyAttributes(source, target);
    }
    setTimes(to, name, status);
  }

  /**
   * Each change costs the file system a transaction and a look costs none, and most files are right
   * as they were made. The mode comes after the owner, whose change takes the set-user-id bit away,
   * and attributes after both, since it also takes a program's capabilities.
   */
  private static void takeOwnerAndMode(Fd made, FileStatus wanted) {
    FileStatus present = FileCalls.statx(made);
    if (present.userId() != wanted.userId() || present.groupId() != wanted.groupId()) {
      FileCalls.fchownat(made, "", wanted.userId(), wanted.groupId(), FileFlags.AT_EMPTY_PATH);
    }
    if (present.permissions() != wanted.permissions()) {
      FileCalls.fchmod(made, wanted.permissions());
    }
  }

  private static void copyLink(Fd from, Fd to, String name, FileStatus status) {
    FileCalls.symlinkat(FileCalls.readlinkat(from, name), to, name);
    setOwner(to, name, status);
    copyAttributes(from, to, name);
    setTimes(to, name, status);
  }

  private static void copySpecial(Fd from, Fd to, String name, FileStatus status) {
    FileCalls.mknodat(to, name, status.mode(), status.specialMajor(), status.specialMinor());
    setOwner(to, name, status);
    FileCalls.fchmodat(to, name, status.permissions());
    copyAttributes(from, to, name);
    setTimes(to, name, status);
  }

  private static void setOwner(Fd folder, String name, FileStatus status) {
    FileCalls.fchownat(
        folder, name, status.userId(), status.groupId(), FileFlags.AT_SYMLINK_NOFOLLOW);
  }

  private static void setTimes(Fd folder, String name, FileStatus status) {
    FileCalls.utimensat(
        folder, name, status.accessTime(), status.modifyTime(), FileFlags.AT_SYMLINK_NOFOLLOW);
  }

  private static void copyAttributes(Fd from, Fd to) {
    for (String attribute : ExtendedAttributes.flistxattr(from)) {
      ExtendedAttributes.fgetxattr(from, attribute)
          .ifPresent(value -> tolerant(() -> ExtendedAttributes.fsetxattr(to, attribute, value)));
    }
  }

  private static void copyAttributes(Fd from, Fd to, String name) {
    String source = from.procPath() + "/" + name;
    String target = to.procPath() + "/" + name;
    for (String attribute : ExtendedAttributes.llistxattr(source)) {
      ExtendedAttributes.lgetxattr(source, attribute)
          .ifPresent(
              value -> tolerant(() -> ExtendedAttributes.lsetxattr(target, attribute, value)));
    }
  }

  /** Attributes that the target's file system cannot hold are left out. */
  private static void tolerant(Runnable call) {
    try {
      call.run();
    } catch (LinuxException e) {
      if (!e.is(Errno.EOPNOTSUPP)) {
        throw e;
      }
    }
  }
}
