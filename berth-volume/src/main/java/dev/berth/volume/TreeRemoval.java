package dev.berth.volume;

import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;

/**
 * Removes a folder with whatever a container left in it: links are not followed, other file systems
 * that are still mounted inside are not entered (EXDEV), names need not be text, and depth does not
 * matter: what lies too deep is first moved to the top.
 */
public final class TreeRemoval {
  private static final int OPEN = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final long RESOLVE =
      FileFlags.RESOLVE_NO_XDEV | FileFlags.RESOLVE_BENEATH | FileFlags.RESOLVE_NO_SYMLINKS;
  private static final int MAX_DEPTH = 100;

  private final Fd top;
  private int moved;
  private int round;

  private TreeRemoval(Fd top) {
    this.top = top;
  }

  /**
   * Removes a folder.
   *
   * @throws LinuxException when something in it cannot be removed; the rest may be gone by then
   */
  public static void remove(Fd parent, String name) {
    try (Fd top = FileCalls.openat2(parent, name, OPEN, 0, RESOLVE)) {
      empty(top);
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        return;
      }
      throw e;
    }
    FileCalls.unlinkat(parent, name, FileFlags.AT_REMOVEDIR);
  }

  /**
   * Removes everything in a folder.
   *
   * @throws LinuxException when something in it cannot be removed; the rest may be gone by then
   */
  public static void empty(Fd top) {
    TreeRemoval removal = new TreeRemoval(top);
    do {
      removal.moved = 0;
      removal.round++;
      removal.empty(top, 0);
    } while (removal.moved > 0);
  }

  private void empty(Fd folder, int depth) {
    for (DirectoryEntry entry : FileCalls.list(folder)) {
      if (entry.kind() != FileFlags.S_IFDIR && unlinked(folder, entry.name())) {
        continue;
      }
      removeFolder(folder, entry.name(), depth);
    }
  }

  private static boolean unlinked(Fd folder, String name) {
    try {
      FileCalls.unlinkat(folder, name, 0);
      return true;
    } catch (LinuxException e) {
      if (e.is(Errno.EISDIR)) {
        return false;
      }
      if (e.is(Errno.ENOENT)) {
        return true;
      }
      throw e;
    }
  }

  private void removeFolder(Fd parent, String name, int depth) {
    if (depth == MAX_DEPTH) {
      FileCalls.renameat2(
          parent, name, top, ".deep-" + round + "-" + moved, FileFlags.RENAME_NOREPLACE);
      moved++;
      return;
    }
    try (Fd folder = FileCalls.openat2(parent, name, OPEN, 0, RESOLVE)) {
      empty(folder, depth + 1);
    }
    FileCalls.unlinkat(parent, name, FileFlags.AT_REMOVEDIR);
  }
}
