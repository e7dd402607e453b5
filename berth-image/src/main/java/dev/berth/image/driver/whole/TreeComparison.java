package dev.berth.image.driver.whole;

import dev.berth.archive.MergedDirectory;
import dev.berth.image.FilesystemChange;
import dev.berth.image.FilesystemChange.Kind;
import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Errno;
import dev.berth.linux.ExtendedAttributes;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a whole tree has beyond the layers that it began as. A directory counts as changed when its
 * attributes differ or anything in it changed; of a removed directory only itself is named. The
 * container may run on meanwhile; no link of its tree is followed.
 */
final class TreeComparison {
  private static final int DIRECTORY =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final String CAPABILITY = "security.capability";

  private final List<FilesystemChange> changes = new ArrayList<>();

  /** Compares, in the order of the paths. */
  List<FilesystemChange> changes(Fd tree, MergedDirectory below) {
    compare(tree, "", below);
    changes.sort(Comparator.comparing(FilesystemChange::path));
    return List.copyOf(changes);
  }

  private void compare(Fd directory, String path, @Nullable MergedDirectory below) {
    Set<String> gone = below == null ? new HashSet<>() : new HashSet<>(below.names());
    for (DirectoryEntry entry : FileCalls.list(directory)) {
      FileStatus status = FileCalls.statxIfExists(directory, entry.name());
      if (status != null && !status.isWhiteout()) {
        gone.remove(entry.name());
        MergedDirectory.Child child = below == null ? null : below.child(entry.name());
        compareOne(directory, entry.name(), path + "/" + entry.name(), status, child);
      }
    }
    gone.forEach(name -> changes.add(new FilesystemChange(Kind.DELETED, path + "/" + name)));
  }

  private void compareOne(
      Fd parent,
      String name,
      String path,
      FileStatus status,
      MergedDirectory.@Nullable Child below) {
    int before = changes.size();
    if (status.isDirectory()) {
      try (Fd directory = FileCalls.openat(parent, name, DIRECTORY, 0)) {
        compare(directory, path, below == null ? null : below.directory());
      } catch (LinuxException e) {
        // What was a directory a moment ago may be gone or be a link now.
        if (!e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR) && !e.is(Errno.ELOOP)) {
          throw e;
        }
      }
    }
    if (below == null) {
      changes.add(new FilesystemChange(Kind.ADDED, path));
    } else if (changes.size() > before || differs(parent, name, status, below)) {
      changes.add(new FilesystemChange(Kind.MODIFIED, path));
    }
  }

  private static boolean differs(
      Fd parent, String name, FileStatus one, MergedDirectory.Child below) {
    FileStatus other = below.status();
    if (isSameOfSnapshot(one, other)) {
      return false;
    }
    return one.differsFrom(other) || (one.isRegular() && capabilityDiffers(parent, name, below));
  }

  /** Of a snapshot, files that nobody touched have number and time of the original. */
  private static boolean isSameOfSnapshot(FileStatus one, FileStatus other) {
    return one.inode() == other.inode() && one.changeTime().equals(other.changeTime());
  }

  private static boolean capabilityDiffers(Fd parent, String name, MergedDirectory.Child below) {
    Optional<byte[]> own = ExtendedAttributes.lgetxattr(parent.procPath() + "/" + name, CAPABILITY);
    Optional<byte[]> other = ExtendedAttributes.lgetxattr(below.path().toString(), CAPABILITY);
    return own.isPresent() != other.isPresent()
        || (own.isPresent() && !Arrays.equals(own.get(), other.get()));
  }
}
