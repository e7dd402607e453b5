package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.LinuxException;

/** The host side of a bind mount. Links on the host are the administrator's and are followed. */
public final class BindSource {
  private static final int FOLDER_MODE = 0755;

  private BindSource() {}

  /** Whether the path exists on this host; for {@link MountPlan#of}. */
  public static boolean exists(String path) {
    try {
      FileCalls.statx(Fd.currentDirectory(), path, 0);
      return true;
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
        return false;
      }
      throw EngineException.invalid("stat " + path + ": " + e.errno().text());
    }
  }

  /**
   * Makes a missing source as a folder, with those above it, owned by root with mode 0755. What
   * exists, of whatever kind, stays as it is.
   *
   * @throws EngineException {@code error while creating mount source path '…': …}
   */
  public static void createIfMissing(String path) {
    if (path.isEmpty() || exists(path)) {
      return;
    }
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      createIfMissing(path.substring(0, slash));
    }
    try {
      FileCalls.mkdirat(Fd.currentDirectory(), path, FOLDER_MODE);
      FileCalls.fchmodat(Fd.currentDirectory(), path, FOLDER_MODE);
    } catch (LinuxException e) {
      if (!e.is(Errno.EEXIST) && !e.is(Errno.ENOTDIR)) {
        throw EngineException.internal(
            "error while creating mount source path '"
                + path
                + "': mkdir "
                + path
                + ": "
                + e.errno().text(),
            e);
      }
    }
  }
}
