package dev.berth.archive;

import dev.berth.linux.Errno;
import dev.berth.linux.ExtendedAttributes;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileData;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Unpacks an archive into a directory: a plain tree, or a layer in the form that overlayfs stacks,
 * where a removed name becomes a character device 0,0 and an emptied directory is marked opaque.
 * Source: OCI image specification, "Image Layer Filesystem Changeset"; Linux,
 * filesystems/overlayfs.
 *
 * <p>The archive is not trusted. Every parent is resolved with the directory as its root, so that
 * no name and no link leads outside; a name or hard link that climbs out is refused as Docker
 * refuses it, and attributes by which overlayfs would be steered are left out. In a layer a
 * symbolic link that climbs out is refused too; in a plain tree its text is content like any other,
 * since a volume's links may mean what is beside its place in a container.
 */
public final class ArchiveUnpacker implements AutoCloseable {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final String METADATA = ".wh..wh.";
  private static final String OPAQUE_ATTRIBUTE = "trusted.overlay.opaque";
  private static final byte[] YES = "y".getBytes(StandardCharsets.US_ASCII);
  private static final int BUFFER = 128 * 1024;
  private static final int NEW_FILE =
      FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_EXCL | FileFlags.O_NOFOLLOW;

  private static final byte[] ZEROS = new byte[BUFFER];

  private final Fd root;
  private final boolean layer;
  private final int strippedComponents;
  private final ParentDirectories parents;
  private final byte[] buffer = new byte[BUFFER];
  private final List<DirectoryTime> directoryTimes = new ArrayList<>();
  private long contentBytes;

  private record DirectoryTime(String path, Instant modified) {}

  private ArchiveUnpacker(Fd root, boolean layer, int strippedComponents) {
    this.root = root;
    this.layer = layer;
    this.strippedComponents = strippedComponents;
    this.parents = new ParentDirectories(root);
  }

  /**
   * Unpacks layers.
   *
   * @param root an empty directory open for reading; stays the caller's
   */
  public static ArchiveUnpacker ofLayer(Fd root) {
    return new ArchiveUnpacker(root, true, 0);
  }

  /**
   * Unpacks plain trees, over what the directory holds already. Long runs of zeros become holes.
   *
   * @param root a directory open for reading; stays the caller's
   * @param strippedComponents how many leading parts of each name are left out; a member with no
   *     more parts than that is passed over
   */
  public static ArchiveUnpacker ofTree(Fd root, int strippedComponents) {
    return new ArchiveUnpacker(root, false, strippedComponents);
  }

  /**
   * Unpacks everything.
   *
   * @return how many bytes of content the files have
   * @throws TarFormatException when the archive is broken or hostile
   * @throws LinuxException when the file system refuses
   */
  public long unpack(TarReader archive) throws IOException {
    for (TarEntry entry = archive.next(); entry != null; entry = archive.next()) {
      parents.refresh();
      unpackOne(entry, archive);
    }
    parents.refresh();
    for (DirectoryTime time : directoryTimes.reversed()) {
      setDirectoryTime(time);
    }
    return contentBytes;
  }

  private void unpackOne(TarEntry entry, TarReader archive) throws IOException {
    String path = TarPaths.strip(TarPaths.clean(entry.name()), strippedComponents);
    if (path == null) {
      return;
    }
    if (path.isEmpty()) {
      rootDirectory(entry);
      return;
    }
    String name = TarPaths.last(path);
    Fd parent = parents.of(TarPaths.parent(path));
    if (layer && name.startsWith(WHITEOUT)) {
      whiteout(parent, name, entry);
      return;
    }
    switch (entry.kind()) {
      case FILE -> file(parent, name, entry, archive);
      case DIRECTORY -> directory(parent, path, entry);
      case HARD_LINK -> hardLink(parent, name, entry);
      case SYMBOLIC_LINK -> {
        if (layer) {
          TarPaths.requireInside(path, entry);
        }
        make(parent, name, () -> FileCalls.symlinkat(entry.linkName(), parent, name));
        finish(parent, name, entry);
      }
      case FIFO -> node(parent, name, entry, FileFlags.S_IFIFO);
      case CHARACTER_DEVICE -> node(parent, name, entry, FileFlags.S_IFCHR);
      case BLOCK_DEVICE -> node(parent, name, entry, FileFlags.S_IFBLK);
    }
  }

  private void rootDirectory(TarEntry entry) {
    if (entry.kind() == TarEntry.Kind.DIRECTORY) {
      FileCalls.fchownat(root, "", entry.userId(), entry.groupId(), FileFlags.AT_EMPTY_PATH);
      EntryAttributes.set(root, entry);
      FileCalls.fchmod(root, entry.mode());
      directoryTimes.add(new DirectoryTime(".", entry.modified()));
    }
  }

  private void whiteout(Fd parent, String name, TarEntry entry) throws IOException {
    if (name.equals(OPAQUE)) {
      ExtendedAttributes.lsetxattr(parent.procPath() + "/.", OPAQUE_ATTRIBUTE, YES);
      return;
    }
    if (name.startsWith(METADATA)) {
      return;
    }
    String removed = name.substring(WHITEOUT.length());
    if (removed.isEmpty() || removed.equals(".") || removed.equals("..")) {
      throw new TarFormatException("invalid whiteout name \"" + entry.name() + "\"");
    }
    make(parent, removed, () -> FileCalls.mknodat(parent, removed, FileFlags.S_IFCHR, 0, 0));
  }

  private void node(Fd parent, String name, TarEntry entry, int kind) {
    int mode = kind | entry.mode();
    make(
        parent,
        name,
        () -> FileCalls.mknodat(parent, name, mode, entry.deviceMajor(), entry.deviceMinor()));
    finish(parent, name, entry);
  }

  private void directory(Fd parent, String path, TarEntry entry) {
    String name = TarPaths.last(path);
    FileStatus there = null;
    try {
      FileCalls.mkdirat(parent, name, 0700);
    } catch (LinuxException e) {
      there = e.is(Errno.EEXIST) ? FileCalls.statxIfExists(parent, name) : null;
      if (there == null) {
        throw e;
      }
    }
    if (there != null && !there.isDirectory()) {
      make(parent, name, () -> FileCalls.mkdirat(parent, name, 0700));
    }
    finish(parent, name, entry);
    directoryTimes.add(new DirectoryTime(path, entry.modified()));
  }

  private void file(Fd parent, String name, TarEntry entry, TarReader archive) throws IOException {
    try (Fd file = make(parent, name, () -> FileCalls.openat(parent, name, NEW_FILE, 0600))) {
      content(file, entry, archive);
      FileCalls.fchownat(file, "", entry.userId(), entry.groupId(), FileFlags.AT_EMPTY_PATH);
      EntryAttributes.set(file, entry);
      FileCalls.fchmod(file, entry.mode());
    }
    setTime(parent, name, entry.modified());
  }

  private void content(Fd file, TarEntry entry, TarReader archive) throws IOException {
    long end = 0;
    boolean hole = false;
    for (TarEntry.Region region : entry.regions()) {
      if (region.offset() != end) {
        FileData.lseek(file, region.offset(), FileData.SEEK_SET);
      }
      hole = copy(file, region.length(), archive);
      end = region.offset() + region.length();
    }
    if (hole || end < entry.sizeBytes()) {
      FileData.ftruncate(file, entry.sizeBytes());
    }
    contentBytes += entry.sizeBytes();
  }

  /** Tells whether it left a hole at the end. */
  private boolean copy(Fd file, long length, TarReader archive) throws IOException {
    long left = length;
    boolean hole = false;
    while (left > 0) {
      int wanted = (int) Math.min(buffer.length, left);
      int filled = 0;
      while (filled < wanted) {
        int count = archive.read(buffer, filled, wanted - filled);
        if (count < 0) {
          throw new TarFormatException("unexpected EOF");
        }
        filled += count;
      }
      hole = !layer && filled == BUFFER && Arrays.equals(buffer, ZEROS);
      if (hole) {
        FileData.lseek(file, filled, FileData.SEEK_CUR);
      }
      for (int done = hole ? filled : 0; done < filled; ) {
        done += FileData.write(file, buffer, done, filled - done);
      }
      left -= filled;
    }
    return hole;
  }

  private void hardLink(Fd parent, String name, TarEntry entry) throws IOException {
    String target = TarPaths.strip(TarPaths.cleanLink(entry), strippedComponents);
    if (target == null || target.isEmpty()) {
      throw invalidLink(entry);
    }
    String targetName = TarPaths.last(target);
    try {
      Fd targetParent = parents.existing(TarPaths.parent(target));
      make(parent, name, () -> FileCalls.linkat(targetParent, targetName, parent, name, 0));
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.EPERM) || e.is(Errno.ENOTDIR) || e.is(Errno.ELOOP)) {
        throw invalidLink(entry);
      }
      throw e;
    }
  }

  private static TarFormatException invalidLink(TarEntry entry) {
    return new TarFormatException(
        "invalid hardlink \"" + entry.name() + "\" -> \"" + entry.linkName() + "\"");
  }

  private void make(Fd parent, String name, Runnable maker) {
    make(
        parent,
        name,
        () -> {
          maker.run();
          return name;
        });
  }

  /** Makes a name; what had it before goes first. */
  private <T> T make(Fd parent, String name, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (LinuxException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
    parents.forget();
    Trees.delete(parent, name);
    return maker.get();
  }

  private static void finish(Fd parent, String name, TarEntry entry) {
    FileCalls.fchownat(
        parent, name, entry.userId(), entry.groupId(), FileFlags.AT_SYMLINK_NOFOLLOW);
    EntryAttributes.set(parent.procPath() + "/" + name, entry);
    if (entry.kind() != TarEntry.Kind.SYMBOLIC_LINK) {
      FileCalls.fchmodat(parent, name, entry.mode());
    }
    if (entry.kind() != TarEntry.Kind.DIRECTORY) {
      setTime(parent, name, entry.modified());
    }
  }

  private static void setTime(Fd parent, String name, Instant modified) {
    FileCalls.utimensat(parent, name, modified, modified, FileFlags.AT_SYMLINK_NOFOLLOW);
  }

  /** At the end, since every name made in a directory changes its time. */
  private void setDirectoryTime(DirectoryTime time) {
    try {
      Fd parent = parents.existing(TarPaths.parent(time.path));
      setTime(parent, TarPaths.last(time.path), time.modified);
    } catch (LinuxException e) {
      // A later member may have taken the directory's place; its own time is set already.
      if (!e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR) && !e.is(Errno.ELOOP)) {
        throw e;
      }
    }
  }

  /** Closes the directories in between; the root stays open. */
  @Override
  public void close() {
    parents.close();
  }
}
