package dev.berth.engine;

import dev.berth.archive.TarEntry;
import dev.berth.archive.TarReader;
import dev.berth.archive.Trees;
import dev.berth.core.EngineException;
import dev.berth.linux.Errno;
import dev.berth.linux.ExtendedAttributes;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileData;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks an archive into a container's tree that may already hold other things, links included.
 * Every directory is opened as if the container's root were the root of the machine.
 */
final class TreeUnpacker {
  private static final long IN_ROOT = FileFlags.RESOLVE_IN_ROOT | FileFlags.RESOLVE_NO_MAGICLINKS;
  private static final int NEW_FILE =
      FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_EXCL | FileFlags.O_NOFOLLOW;
  private static final int BUFFER = 128 * 1024;

  private final Fd root;
  private final String base;
  private final Choices choices;
  private final byte[] buffer = new byte[BUFFER];
  private final Deque<DirectoryTime> directoryTimes = new ArrayDeque<>();

  /**
   * How to unpack.
   *
   * @param keepKinds refuse to replace a directory by something else and the reverse
   * @param ownership who owns what is made
   */
  record Choices(boolean keepKinds, Ownership ownership) {}

  /**
   * Who owns what is made.
   *
   * @param asArchived whoever the archive says
   * @param userId otherwise this user
   * @param groupId and this group
   */
  record Ownership(boolean asArchived, int userId, int groupId) {
    static final Ownership OF_THE_ARCHIVE = new Ownership(true, 0, 0);
  }

  private record DirectoryTime(String path, Instant modified) {}

  /**
   * @param root of the container; stays the caller's
   * @param base the directory in it
   */
  TreeUnpacker(Fd root, String base, Choices choices) {
    this.root = root;
    this.base = base;
    this.choices = choices;
  }

  void unpack(InputStream tar) throws IOException {
    TarReader archive = new TarReader(tar);
    for (TarEntry entry = archive.next(); entry != null; entry = archive.next()) {
      String path = clean(entry.name());
      if (!path.isEmpty()) {
        unpack(entry, path, archive);
      }
    }
    while (!directoryTimes.isEmpty()) {
      DirectoryTime time = directoryTimes.removeLast();
      try (Fd parent = directory(parent(time.path()))) {
        setTime(parent, last(time.path()), time.modified());
      }
    }
  }

  private void unpack(TarEntry entry, String path, TarReader archive) throws IOException {
    String name = last(path);
    try (Fd parent = directory(parent(path))) {
      if (makeRoom(parent, name, entry)) {
        make(parent, name, entry, archive);
      }
      finish(parent, name, path, entry);
    }
  }

  /** Removes what is in the way; tells whether the name must be made. */
  private boolean makeRoom(Fd parent, String name, TarEntry entry) {
    FileStatus there = FileCalls.statxIfExists(parent, name);
    if (there == null) {
      return true;
    }
    boolean directory = entry.kind() == TarEntry.Kind.DIRECTORY;
    if (there.isDirectory() && directory) {
      return false;
    }
    if (choices.keepKinds() && there.isDirectory() != directory) {
      throw EngineException.invalid(
          directory
              ? "cannot overwrite non-directory \"" + name + "\" with directory \"" + name + "\""
              : "cannot overwrite directory \"" + name + "\" with non-directory \"" + name + "\"");
    }
    Trees.delete(parent, name);
    return true;
  }

  private void make(Fd parent, String name, TarEntry entry, TarReader archive) throws IOException {
    switch (entry.kind()) {
      case FILE -> file(parent, name, entry, archive);
      case DIRECTORY -> FileCalls.mkdirat(parent, name, 0700);
      case SYMBOLIC_LINK -> FileCalls.symlinkat(entry.linkName(), parent, name);
      case HARD_LINK -> hardLink(parent, name, entry);
      case CHARACTER_DEVICE -> node(parent, name, entry, FileFlags.S_IFCHR);
      case BLOCK_DEVICE -> node(parent, name, entry, FileFlags.S_IFBLK);
      case FIFO -> node(parent, name, entry, FileFlags.S_IFIFO);
    }
  }

  private static void node(Fd parent, String name, TarEntry entry, int kind) {
    FileCalls.mknodat(parent, name, kind | 0600, entry.deviceMajor(), entry.deviceMinor());
  }

  private void hardLink(Fd parent, String name, TarEntry entry) {
    String target = clean(entry.linkName());
    try (Fd targetParent = directory(parent(target))) {
      FileCalls.linkat(targetParent, last(target), parent, name, 0);
    }
  }

  private void file(Fd parent, String name, TarEntry entry, TarReader archive) throws IOException {
    try (Fd file = FileCalls.openat(parent, name, NEW_FILE, 0600)) {
      for (TarEntry.Region region : entry.regions()) {
        FileData.lseek(file, region.offset(), FileData.SEEK_SET);
        copy(file, region.length(), archive);
      }
      FileData.ftruncate(file, entry.sizeBytes());
      entry.xattrs().forEach((attribute, value) -> setAttribute(file, attribute, value));
    }
  }

  private static void setAttribute(Fd file, String attribute, byte[] value) {
    boolean steersOverlay =
        attribute.startsWith("trusted.overlay.") || attribute.startsWith("user.overlay.");
    if (steersOverlay) {
      return;
    }
    try {
      ExtendedAttributes.fsetxattr(file, attribute, value);
    } catch (LinuxException failure) {
      if (!failure.is(Errno.EOPNOTSUPP) && !failure.is(Errno.EPERM)) {
        throw failure;
      }
    }
  }

  private void copy(Fd file, long length, TarReader archive) throws IOException {
    long left = length;
    while (left > 0) {
      int count = archive.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new IOException("unexpected EOF");
      }
      for (int done = 0; done < count; ) {
        done += FileData.write(file, buffer, done, count - done);
      }
      left -= count;
    }
  }

  private void finish(Fd parent, String name, String path, TarEntry entry) {
    if (entry.kind() == TarEntry.Kind.HARD_LINK) {
      return;
    }
    Ownership owner = choices.ownership();
    FileCalls.fchownat(
        parent,
        name,
        owner.asArchived() ? entry.userId() : owner.userId(),
        owner.asArchived() ? entry.groupId() : owner.groupId(),
        FileFlags.AT_SYMLINK_NOFOLLOW);
    if (entry.kind() != TarEntry.Kind.SYMBOLIC_LINK) {
      // The name was just made here, or is a directory; a link put in its place meanwhile is seen.
      try (Fd made = FileCalls.openat(parent, name, FileFlags.O_PATH | FileFlags.O_NOFOLLOW, 0)) {
        if (!FileCalls.statx(made).isSymbolicLink()) {
          FileCalls.fchmodat(Fd.currentDirectory(), made.procPath(), entry.mode());
        }
      }
    }
    if (entry.kind() == TarEntry.Kind.DIRECTORY) {
      directoryTimes.addLast(new DirectoryTime(path, entry.modified()));
    } else {
      setTime(parent, name, entry.modified());
    }
  }

  private static void setTime(Fd parent, String name, Instant modified) {
    FileCalls.utimensat(parent, name, modified, modified, FileFlags.AT_SYMLINK_NOFOLLOW);
  }

  /** Opens a directory below the base; makes those that are missing. */
  private Fd directory(String below) {
    Fd missing = openOrNull(below);
    if (missing != null) {
      return missing;
    }
    try (Fd parent = directory(parent(below))) {
      FileCalls.mkdirat(parent, last(below), 0755);
    }
    return open(below);
  }

  private @Nullable Fd openOrNull(String below) {
    try {
      return open(below);
    } catch (LinuxException failure) {
      if (failure.is(Errno.ENOENT) && !below.isEmpty()) {
        return null;
      }
      throw failure;
    }
  }

  private Fd open(String below) {
    int flags = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;
    return FileCalls.openat2(root, base + "/" + below, flags, 0, IN_ROOT);
  }

  private static String clean(String name) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : name.split("/")) {
      if (part.equals("..")) {
        throw EngineException.invalid("\"" + name + "\" is outside of the archive's directory");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
