package dev.berth.archive;

import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Open directories below a root, the ones used last. Paths are resolved with that root, so that
 * links in them stay inside. A name that is replaced may be part of many paths: then everything is
 * forgotten before the next member.
 */
final class ParentDirectories implements AutoCloseable {
  private static final int MOST_OPEN = 64;
  private static final int PLACE = FileFlags.O_PATH | FileFlags.O_DIRECTORY;

  private final Fd root;
  private final Map<String, Fd> open = new LinkedHashMap<>(MOST_OPEN * 2, 0.75f, true);
  private boolean stale;

  ParentDirectories(Fd root) {
    this.root = root;
  }

  /** Something was replaced: what is open may not be what the paths name. */
  void forget() {
    stale = true;
  }

  /** Closes what was forgotten; called while nobody holds a directory. */
  void refresh() {
    if (stale) {
      close();
      stale = false;
    }
  }

  /** The directory at a path; made, with its parents, when it is missing. */
  Fd of(String path) throws TarFormatException {
    try {
      return existing(path);
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT)) {
        throw notDirectory(path, e);
      }
    }
    Fd parent = of(TarPaths.parent(path));
    try {
      FileCalls.mkdirat(parent, TarPaths.last(path), 0755);
      return existing(path);
    } catch (LinuxException e) {
      throw notDirectory(path, e);
    }
  }

  /**
   * The directory at a path.
   *
   * @throws LinuxException ENOENT and others when there is none
   */
  Fd existing(String path) {
    if (path.isEmpty()) {
      return root;
    }
    Fd known = open.get(path);
    if (known != null) {
      return known;
    }
    Fd directory = FileCalls.openInRoot(root, path, PLACE);
    if (open.size() >= MOST_OPEN) {
      var eldest = open.entrySet().iterator();
      eldest.next().getValue().close();
      eldest.remove();
    }
    open.put(path, directory);
    return directory;
  }

  private static TarFormatException notDirectory(String path, LinuxException cause)
      throws TarFormatException {
    boolean archiveIsWrong =
        cause.is(Errno.ENOTDIR)
            || cause.is(Errno.ELOOP)
            || cause.is(Errno.EEXIST)
            || cause.is(Errno.ENAMETOOLONG);
    if (!archiveIsWrong) {
      throw cause;
    }
    return new TarFormatException("mkdir /" + path + ": " + cause.errno().text());
  }

  @Override
  public void close() {
    open.values().forEach(Fd::close);
    open.clear();
  }
}
