package dev.berth.image.driver.whole;

import dev.berth.archive.MergedDirectory;
import dev.berth.archive.TarWriter;
import dev.berth.archive.TreePacker;
import dev.berth.image.FilesystemChange;
import dev.berth.image.FilesystemChange.Kind;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileData;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A container's root as one tree, in which nothing tells what came from the image: that is found by
 * a comparison with the layers.
 *
 * @param path the tree
 * @param below what it began as, the highest layer first
 */
public record WholeTree(Path path, List<Path> below) {
  private static final int DIRECTORY =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final int PLACE = FileFlags.O_PATH | FileFlags.O_DIRECTORY;
  private static final long INSIDE = FileFlags.RESOLVE_BENEATH | FileFlags.RESOLVE_NO_SYMLINKS;

  /** Copies the list. */
  public WholeTree {
    below = List.copyOf(below);
  }

  /** Fills the tree, an empty directory, with what the layers show; it is on the disk then. */
  public void compose() {
    try (Fd root = open()) {
      new TreeComposer(root).compose(below);
      FileData.syncfs(root);
    }
  }

  private Fd open() {
    return FileCalls.open(path.toString(), DIRECTORY);
  }

  /** What differs, in the order of the paths. */
  public List<FilesystemChange> changes() {
    try (Fd root = open()) {
      return new TreeComparison().changes(root, MergedDirectory.root(below));
    }
  }

  /** Writes what differs as a layer. */
  public void packChanges(TarWriter archive) throws IOException {
    TreePacker packer = new TreePacker(archive, false);
    try (Fd root = open()) {
      for (FilesystemChange change : changes()) {
        String inside = change.path().substring(1);
        if (change.kind() == Kind.DELETED) {
          packer.packRemoval(inside, FileCalls.statx(root).modifyTime());
        } else {
          pack(packer, root, inside);
        }
      }
    }
  }

  private static void pack(TreePacker packer, Fd root, String inside) throws IOException {
    int slash = inside.lastIndexOf('/');
    String name = inside.substring(slash + 1);
    if (slash < 0) {
      packer.packAlone(root, name, inside);
      return;
    }
    try (Fd parent = FileCalls.openat2(root, inside.substring(0, slash), PLACE, 0, INSIDE)) {
      packer.packAlone(parent, name, inside);
    } catch (LinuxException e) {
      if (!isGone(e)) {
        throw e;
      }
    }
  }

  /** Whether the container took a name away, or put a link there, since the comparison. */
  private static boolean isGone(LinuxException e) {
    return e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR) || e.is(Errno.ELOOP) || e.is(Errno.EXDEV);
  }

  /** The content of all files that are new or changed. */
  public long ownBytes() {
    long bytes = 0;
    Set<Long> counted = new HashSet<>();
    try (Fd root = open()) {
      for (FilesystemChange change : changes()) {
        if (change.kind() != Kind.DELETED) {
          FileStatus status = status(root, change.path().substring(1));
          if (status != null
              && !status.isDirectory()
              && (status.links() == 1 || counted.add(status.inode()))) {
            bytes += status.sizeBytes();
          }
        }
      }
    }
    return bytes;
  }

  private static @Nullable FileStatus status(Fd root, String inside) {
    int flags = FileFlags.O_PATH | FileFlags.O_NOFOLLOW;
    try (Fd file =
        FileCalls.openat2(root, inside, flags, 0, INSIDE & ~FileFlags.RESOLVE_NO_SYMLINKS)) {
      return FileCalls.statx(file);
    } catch (LinuxException e) {
      if (isGone(e)) {
        return null;
      }
      throw e;
    }
  }
}
