package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;

/**
 * A part of a volume or image. Containers may have put links into it, so it is resolved as if the
 * volume were the root of the host: whatever a link says, the result lies inside.
 */
final class Subpath {
  private static final long RESOLVE = FileFlags.RESOLVE_IN_ROOT | FileFlags.RESOLVE_NO_MAGICLINKS;

  private Subpath() {}

  /**
   * Opens a folder or file below a base.
   *
   * @param base an absolute path of the host
   * @param subpath relative; empty for the base itself
   * @param flags for open(2)
   * @throws EngineException NOT_FOUND where nothing has the name; INTERNAL otherwise
   */
  static Fd open(String base, String subpath, int flags) {
    try (Fd root = FileCalls.open(base, FileFlags.O_PATH | FileFlags.O_DIRECTORY)) {
      String below = subpath.isEmpty() ? "." : subpath;
      return FileCalls.openat2(root, below, flags, 0, RESOLVE);
    } catch (LinuxException e) {
      String message = "cannot access path " + base + "/" + subpath + ": " + e.errno().text();
      throw e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)
          ? EngineException.notFound(message)
          : EngineException.internal(message, e);
    }
  }
}
