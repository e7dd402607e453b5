package dev.berth.image.content;

import dev.berth.archive.MergedDirectory;
import dev.berth.archive.Trees;
import dev.berth.core.EngineException;
import dev.berth.image.Digest;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layer between an image and its containers' own: the files and directories onto which every
 * container gets mounts, so that neither the image nor {@code docker diff} shows them. One serves
 * all containers of the same layers.
 */
public final class InitLayer {
  /** Where its files are. */
  public static final String FILES = "diff";

  private static final List<String> DIRECTORIES = List.of("dev/pts", "dev/shm", "proc", "sys");
  private static final List<String> EMPTY_FILES =
      List.of(".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/resolv.conf");
  private static final int NAME_DIGITS = 32;

  private final Path home;

  /**
   * @param home its directory
   */
  public InitLayer(Path home) {
    this.home = home;
  }

  /** The name of the directory for an image's layers. */
  public static String directoryName(List<String> diffIds) {
    String chain = "";
    for (Digest id : ChainIds.of(diffIds.stream().map(Digest::parse).toList())) {
      chain = id.hex();
    }
    return (chain.isEmpty() ? "0".repeat(NAME_DIGITS) : chain.substring(0, NAME_DIGITS)) + "-init";
  }

  /**
   * Makes it, complete or not at all.
   *
   * @param layers the image's, the highest first
   * @param temporaryName a name that nobody else uses
   */
  public void makeIfMissing(List<Path> layers, String temporaryName) {
    Fd here = Fd.currentDirectory();
    if (FileCalls.statxIfExists(here, home.toString()) != null) {
      return;
    }
    Path temporary = home.resolveSibling(temporaryName);
    try {
      FileCalls.mkdirat(here, temporary.toString(), 0700);
      Path files = temporary.resolve(FILES);
      FileCalls.mkdirat(here, files.toString(), 0755);
      fill(files, layers);
      FileCalls.renameat2(
          here, temporary.toString(), here, home.toString(), FileFlags.RENAME_NOREPLACE);
    } catch (LinuxException e) {
      Trees.delete(temporary);
      if (!e.is(Errno.EEXIST)) {
        throw EngineException.internal("cannot make " + home + ": " + e.getMessage(), e);
      }
    }
  }

  private static void fill(Path files, List<Path> layers) {
    MergedDirectory image = layers.isEmpty() ? null : MergedDirectory.root(layers);
    try (Fd root = FileCalls.open(files.toString(), FileFlags.O_RDONLY | FileFlags.O_DIRECTORY)) {
      if (image == null) {
        FileCalls.fchmod(root, 0755);
      } else {
        copyAttributes(root, ".", image.status());
      }
      for (String path : DIRECTORIES) {
        directory(root, path, image);
      }
      for (String path : EMPTY_FILES) {
        int slash = path.indexOf('/');
        if (slash > 0) {
          directory(root, path.substring(0, slash), image);
        }
        int flags = FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_EXCL;
        try (Fd file = FileCalls.openat(root, path, flags, 0755)) {
          FileCalls.fchmod(file, 0755);
        }
      }
      FileCalls.symlinkat("/proc/mounts", root, "etc/mtab");
    }
  }

  /** Makes a directory and its parent, like the image's where the image has them. */
  private static void directory(Fd root, String path, @Nullable MergedDirectory image) {
    MergedDirectory below = image;
    String made = "";
    for (String name : path.split("/")) {
      MergedDirectory.Child child = below == null ? null : below.child(name);
      below = child == null ? null : child.directory();
      made = made.isEmpty() ? name : made + "/" + name;
      if (FileCalls.statxIfExists(root, made) == null) {
        FileCalls.mkdirat(root, made, 0755);
        if (below == null) {
          FileCalls.fchmodat(root, made, 0755);
        } else {
          copyAttributes(root, made, below.status());
        }
      }
    }
  }

  private static void copyAttributes(Fd root, String path, FileStatus status) {
    FileCalls.fchownat(root, path, status.userId(), status.groupId(), 0);
    FileCalls.fchmodat(root, path, status.permissions());
  }
}
