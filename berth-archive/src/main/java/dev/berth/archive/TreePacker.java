package dev.berth.archive;

import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Errno;
import dev.berth.linux.ExtendedAttributes;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileData;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a tree of files as a tar archive, without following a link; the tree may be changed while
 * it is read. Of a layer in overlayfs's form the marks for removed names and emptied directories
 * become the ones that image layers use.
 */
public final class TreePacker {
  private static final int DIRECTORY =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final int FILE =
      FileFlags.O_RDONLY | FileFlags.O_NOFOLLOW | FileFlags.O_NONBLOCK | FileFlags.O_NOCTTY;
  private static final int BUFFER = 128 * 1024;

  private final TarWriter out;
  private final boolean layer;
  private final boolean controlLists;
  private final Map<String, String> firstNames = new HashMap<>();
  private final byte[] buffer = new byte[BUFFER];

  /**
   * @param out takes the members
   * @param layer whether the tree is a layer in overlayfs's form
   */
  public TreePacker(TarWriter out, boolean layer) {
    this(out, layer, false);
  }

  private TreePacker(TarWriter out, boolean layer, boolean controlLists) {
    this.out = out;
    this.layer = layer;
    this.controlLists = controlLists;
  }

  /** Packs a tree with all that belongs to it, access control lists as attributes. */
  public static TreePacker whole(TarWriter out) {
    return new TreePacker(out, false, true);
  }

  /** Writes a directory itself, as {@code ./}, and everything below it, as tar does with a dot. */
  public void packWithRoot(Fd directory) throws IOException {
    FileStatus status = FileCalls.statx(directory);
    out.begin(entry(TarEntry.Kind.DIRECTORY, "./", "", status, 0, xattrs(directory)));
    packChildren(directory, "./");
  }

  /** Writes everything below a directory, each directory's names in order. */
  public void pack(Fd directory) throws IOException {
    packChildren(directory, "");
  }

  /** Writes one name of a directory, and all below it, as if it had another name. */
  public void pack(Fd parent, String name, String shownAs) throws IOException {
    FileStatus status = FileCalls.statxIfExists(parent, name);
    if (status != null && status.kind() != FileFlags.S_IFSOCK) {
      packAs(parent, name, shownAs, status);
    }
  }

  /**
   * Writes one name of a directory and nothing below it; nothing where it is gone.
   *
   * @param path that it gets in the archive, without a slash in front
   */
  public void packAlone(Fd parent, String name, String path) throws IOException {
    FileStatus status = FileCalls.statxIfExists(parent, name);
    if (status == null || status.kind() == FileFlags.S_IFSOCK || status.isWhiteout()) {
      return;
    }
    if (!status.isDirectory()) {
      packAs(parent, name, path, status);
      return;
    }
    try (Fd directory = FileCalls.openat(parent, name, DIRECTORY, 0)) {
      out.begin(entry(TarEntry.Kind.DIRECTORY, path + "/", "", status, 0, xattrs(directory)));
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR) && !e.is(Errno.ELOOP)) {
        throw e;
      }
    }
  }

  /** Writes the mark by which a layer takes a name away. */
  public void packRemoval(String path, Instant modified) throws IOException {
    int slash = path.lastIndexOf('/');
    out.file(
        path.substring(0, slash + 1) + ".wh." + path.substring(slash + 1), new byte[0], modified);
  }

  private void packChildren(Fd directory, String prefix) throws IOException {
    List<DirectoryEntry> entries = new ArrayList<>(FileCalls.list(directory));
    entries.sort(Comparator.comparing(DirectoryEntry::name));
    for (DirectoryEntry entry : entries) {
      packOne(directory, entry.name(), prefix);
    }
  }

  private void packOne(Fd parent, String name, String prefix) throws IOException {
    FileStatus status = FileCalls.statxIfExists(parent, name);
    if (status == null || status.kind() == FileFlags.S_IFSOCK) {
      return;
    }
    if (layer && status.isWhiteout()) {
      out.file(prefix + ".wh." + name, new byte[0], status.modifyTime());
      return;
    }
    packAs(parent, name, prefix + name, status);
  }

  private void packAs(Fd parent, String name, String path, FileStatus status) throws IOException {
    if (status.isDirectory()) {
      directory(parent, name, path, status);
    } else if (status.links() > 1 && hardLink(path, status)) {
      return;
    } else if (status.isRegular()) {
      file(parent, name, path);
    } else {
      special(parent, name, path, status);
    }
  }

  private boolean hardLink(String path, FileStatus status) throws IOException {
    String inode = status.deviceMajor() + ":" + status.deviceMinor() + ":" + status.inode();
    String first = firstNames.putIfAbsent(inode, path);
    if (first == null) {
      return false;
    }
    out.begin(entry(TarEntry.Kind.HARD_LINK, path, first, status, 0, Map.of()));
    return true;
  }

  private void directory(Fd parent, String name, String path, FileStatus status)
      throws IOException {
    try (Fd directory = FileCalls.openat(parent, name, DIRECTORY, 0)) {
      Map<String, byte[]> xattrs = xattrs(directory);
      out.begin(entry(TarEntry.Kind.DIRECTORY, path + "/", "", status, 0, xattrs));
      if (layer && MergedDirectory.isOpaque(directory)) {
        out.file(path + "/.wh..wh..opq", new byte[0], status.modifyTime());
      }
      packChildren(directory, path + "/");
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR) && !e.is(Errno.ELOOP)) {
        throw e;
      }
    }
  }

  private void file(Fd parent, String name, String path) throws IOException {
    try (Fd file = FileCalls.openat(parent, name, FILE, 0)) {
      FileStatus status = FileCalls.statx(file);
      if (!status.isRegular()) {
        return;
      }
      Map<String, byte[]> xattrs = xattrs(file);
      long size = status.sizeBytes();
      out.begin(entry(TarEntry.Kind.FILE, path, "", status, size, xattrs));
      copy(file, size);
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT) && !e.is(Errno.ELOOP) && !e.is(Errno.ENXIO)) {
        throw e;
      }
      firstNames.values().remove(path);
    }
  }

  /** A file that shrinks meanwhile is filled up with zeros, since its size is written already. */
  private void copy(Fd file, long size) throws IOException {
    long left = size;
    while (left > 0) {
      int wanted = (int) Math.min(buffer.length, left);
      int count = FileData.read(file, buffer, 0, wanted);
      if (count == 0) {
        Arrays.fill(buffer, 0, wanted, (byte) 0);
        count = wanted;
      }
      out.write(buffer, 0, count);
      left -= count;
    }
  }

  private void special(Fd parent, String name, String path, FileStatus status) throws IOException {
    TarEntry.Kind kind =
        switch (status.kind()) {
          case FileFlags.S_IFLNK -> TarEntry.Kind.SYMBOLIC_LINK;
          case FileFlags.S_IFCHR -> TarEntry.Kind.CHARACTER_DEVICE;
          case FileFlags.S_IFBLK -> TarEntry.Kind.BLOCK_DEVICE;
          default -> TarEntry.Kind.FIFO;
        };
    String link = "";
    if (kind == TarEntry.Kind.SYMBOLIC_LINK) {
      try {
        link = FileCalls.readlinkat(parent, name);
      } catch (LinuxException gone) {
        return;
      }
    }
    Map<String, byte[]> xattrs = xattrs(parent.procPath() + "/" + name);
    out.begin(entry(kind, path, link, status, 0, xattrs));
  }

  private Map<String, byte[]> xattrs(Fd file) {
    Map<String, byte[]> xattrs = new LinkedHashMap<>();
    for (String name : ExtendedAttributes.flistxattr(file)) {
      if (isPortable(name)) {
        ExtendedAttributes.fgetxattr(file, name).ifPresent(value -> xattrs.put(name, value));
      }
    }
    return xattrs;
  }

  private Map<String, byte[]> xattrs(String path) {
    Map<String, byte[]> xattrs = new LinkedHashMap<>();
    try {
      for (String name : ExtendedAttributes.llistxattr(path)) {
        if (isPortable(name)) {
          ExtendedAttributes.lgetxattr(path, name).ifPresent(value -> xattrs.put(name, value));
        }
      }
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
    return xattrs;
  }

  private boolean isPortable(String attribute) {
    if (attribute.startsWith("system.")) {
      return controlLists && attribute.startsWith("system.posix_acl_");
    }
    return !EntryAttributes.steersOverlay(attribute);
  }

  private static TarEntry entry(
      TarEntry.Kind kind,
      String path,
      String link,
      FileStatus status,
      long size,
      Map<String, byte[]> xattrs) {
    return new TarEntry(
        kind,
        path,
        link,
        status.permissions(),
        status.userId(),
        status.groupId(),
        size,
        status.modifyTime(),
        status.specialMajor(),
        status.specialMinor(),
        xattrs,
        SparseMap.whole(size));
  }
}
