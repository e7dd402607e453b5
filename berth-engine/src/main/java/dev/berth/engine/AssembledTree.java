package dev.berth.engine;

import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import dev.berth.linux.MountFlags;
import dev.berth.linux.Mounts;
import dev.berth.linux.NamespaceKind;
import dev.berth.linux.Namespaces;
import java.nio.file.Path;
import java.util.List;

/**
 * The root of a container with its volumes and binds in their places, as its process sees it but
 * for what only exists while it runs. It is put together in a mount namespace of its own that no
 * process is in; the namespace goes with the last descriptor, so that nothing stays mounted
 * whatever happens. Each place is resolved as if the container's root were the root of the machine.
 *
 * @param root of the container
 * @param namespace keeps the mounts alive
 * @see <a href="https://man7.org/linux/man-pages/man2/move_mount.2.html">move_mount(2)</a>
 */
record AssembledTree(Fd root, Fd namespace) implements AutoCloseable {
  private static final long IN_ROOT = FileFlags.RESOLVE_IN_ROOT | FileFlags.RESOLVE_NO_MAGICLINKS;
  private static final int COPY =
      MountFlags.OPEN_TREE_CLONE | FileFlags.AT_EMPTY_PATH | FileFlags.AT_RECURSIVE;
  private static final int NEW_FILE =
      FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_EXCL | FileFlags.O_NOFOLLOW;

  /**
   * Something in the tree.
   *
   * @param source a path of the host
   * @param subpath what of it, empty for all
   * @param destination an absolute path of the container
   * @param writable otherwise nothing can be written there
   */
  record Part(String source, String subpath, String destination, boolean writable) {}

  /**
   * Puts a tree together.
   *
   * @param mounted where the root itself is mounted
   * @param parts the outer ones first; one that cannot be put into its place is left out
   */
  static AssembledTree open(Path mounted, List<Part> parts) {
    return Namespaces.call(() -> {
      Namespaces.unshare(NamespaceKind.MOUNT);
      Mounts.propagation("/", MountFlags.MS_SLAVE | MountFlags.MS_REC);
      Fd root = FileCalls.open(mounted.toString(), FileFlags.O_PATH | FileFlags.O_DIRECTORY);
      try {
        for (Part part : parts) {
          attach(root, part);
        }
        return new AssembledTree(root, Namespaces.current(NamespaceKind.MOUNT));
      } catch (RuntimeException failure) {
        root.close();
        throw failure;
      }
    });
  }

  private static void attach(Fd root, Part part) {
    try (Fd source = source(part);
        Fd tree = Mounts.openTree(source, "", COPY);
        Fd place = place(root, part.destination(), FileCalls.statx(source).isDirectory())) {
      if (!part.writable()) {
        Mounts.setAttributes(tree, MountFlags.MOUNT_ATTR_RDONLY, 0, 0, true);
      }
      Mounts.moveMount(tree, place, "");
    } catch (LinuxException failure) {
      Quietly.note(part.destination() + " is left out of the tree", failure);
    }
  }

  private static Fd source(Part part) {
    Fd base = FileCalls.open(part.source(), FileFlags.O_PATH);
    if (part.subpath().isEmpty()) {
      return base;
    }
    try (base) {
      return FileCalls.openat2(base, part.subpath(), FileFlags.O_PATH, 0, IN_ROOT);
    }
  }

  /** Opens where to mount; makes it if it is missing, as the start of the container would. */
  private static Fd place(Fd root, String path, boolean directory) {
    try {
      return FileCalls.openat2(root, path, FileFlags.O_PATH, 0, IN_ROOT);
    } catch (LinuxException failure) {
      if (!failure.is(Errno.ENOENT) || path.equals("/")) {
        throw failure;
      }
    }
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    try (Fd parent = place(root, slash <= 0 ? "/" : path.substring(0, slash), true)) {
      if (directory) {
        FileCalls.mkdirat(parent, name, 0755);
      } else {
        FileCalls.openat(parent, name, NEW_FILE, 0755).close();
      }
    }
    return FileCalls.openat2(root, path, FileFlags.O_PATH, 0, IN_ROOT);
  }

  @Override
  public void close() {
    root.close();
    namespace.close();
  }
}
