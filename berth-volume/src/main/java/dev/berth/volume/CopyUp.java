package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Fills an empty volume with what the image has at its mount point, so that a database image brings
 * its files along. The volume's root takes owner, mode and times of the image's directory.
 *
 * <p>The image is hostile: its path is resolved as if its root file system were the root of the
 * host, and below it no link is followed.
 */
final class CopyUp {
  private static final int OPEN_FOLDER = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;
  private static final String MARK = ".copy-up";

  private CopyUp() {}

  /**
   * Copies once: nothing happens where the volume holds anything, or where the image has no
   * directory there.
   *
   * @param rootFilesystem the container's mounted root file system
   * @param destination where in it the volume will be mounted
   * @param data the volume's data; not closed
   * @param beside a folder of the engine's own for a mark that tells of an interrupted copy, which
   *     is then begun anew; null where there is none
   * @return whether something was there to copy
   * @throws EngineException INTERNAL when the copy fails; it is then taken back
   */
  static boolean copy(Path rootFilesystem, String destination, Fd data, @Nullable Fd beside) {
    try (Fd root = FileCalls.open(rootFilesystem.toString(), OPEN_FOLDER);
        Fd source = openSource(root, destination)) {
      boolean interrupted = beside != null && FileCalls.statxIfExists(beside, MARK) != null;
      if (interrupted) {
        TreeRemoval.empty(data);
      }
      if (source == null || !FileCalls.list(data).isEmpty()) {
        return false;
      }
      copyMarked(source, data, beside);
      return true;
    } catch (LinuxException e) {
      throw EngineException.internal("failed to populate volume: " + e.getMessage(), e);
    }
  }

  private static @Nullable Fd openSource(Fd root, String destination) {
    try {
      return FileCalls.openInRoot(root, destination, OPEN_FOLDER);
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        return null;
      }
      throw e;
    }
  }

  private static void copyMarked(Fd source, Fd data, @Nullable Fd beside) {
    if (beside != null) {
      int create = FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_NOFOLLOW;
      FileCalls.openat(beside, MARK, create, 0600).close();
    }
    try {
      TreeCopy.copy(source, data);
    } catch (LinuxException e) {
      TreeRemoval.empty(data);
      throw e;
    }
    if (beside != null) {
      FileCalls.unlinkat(beside, MARK, 0);
    }
  }
}
