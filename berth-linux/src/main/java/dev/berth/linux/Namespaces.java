package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.FCHDIR;
import static dev.berth.linux.SyscallNumber.SETHOSTNAME;
import static dev.berth.linux.SyscallNumber.SETNS;
import static dev.berth.linux.SyscallNumber.UNSHARE;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Namespaces: made, kept, opened and entered. A namespace is a property of one kernel thread, and a
 * thread started from there inherits it; so whatever happens inside one runs on a fresh platform
 * thread that ends afterwards, while the caller waits. Descriptors opened inside (sockets above
 * all) keep belonging to the namespace and work from any thread later.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/namespaces.7.html">namespaces(7)</a>
 */
public final class Namespaces {
  private static final int CLONE_FS = 0x200;

  private Namespaces() {}

  /**
   * Makes a network namespace and keeps it alive at a path, as {@code ip netns add} does. The file
   * is made; its directory must exist. On failure nothing is left.
   *
   * @return the namespace, open
   */
  public static Fd createNetwork(Path path) {
    String target = path.toString();
    FileCalls.openat(
            Fd.currentDirectory(),
            target,
            FileFlags.O_RDONLY | FileFlags.O_CREAT | FileFlags.O_EXCL,
            0444)
        .close();
    try {
      return call(() -> {
        unshare(NamespaceKind.NETWORK);
        Fd namespace = current(NamespaceKind.NETWORK);
        try {
          Mounts.bind("/proc/thread-self/ns/net", target, false);
          return namespace;
        } catch (RuntimeException failure) {
          namespace.close();
          throw failure;
        }
      });
    } catch (RuntimeException failure) {
      FileCalls.unlinkat(Fd.currentDirectory(), target, 0);
      throw failure;
    }
  }

  /** Makes a network namespace that lives as long as the returned descriptor or a user of it. */
  public static Fd createNetwork() {
    return call(() -> {
      unshare(NamespaceKind.NETWORK);
      return current(NamespaceKind.NETWORK);
    });
  }

  /** Takes a kept namespace from its path and removes the file; idempotent. */
  public static void remove(Path path) {
    Mounts.detachIfMounted(path.toString());
    try {
      FileCalls.unlinkat(Fd.currentDirectory(), path.toString(), 0);
    } catch (LinuxException failure) {
      if (!failure.is(Errno.ENOENT)) {
        throw failure;
      }
    }
  }

  /** Whether a path holds a namespace, and not just the empty file left by a restart. */
  public static boolean isNamespace(Path path) {
    try {
      return FileCalls.statfs(path.toString()).type() == FileSystemStatus.NSFS;
    } catch (LinuxException failure) {
      if (failure.is(Errno.ENOENT)) {
        return false;
      }
      throw failure;
    }
  }

  /** Opens a kept namespace, or any file of {@code /proc/PID/ns}. */
  public static Fd open(Path path) {
    return FileCalls.open(path.toString(), FileFlags.O_RDONLY);
  }

  /** Opens a namespace of a process. */
  public static Fd open(int pid, NamespaceKind kind) {
    return FileCalls.open("/proc/" + pid + "/ns/" + kind.procName(), FileFlags.O_RDONLY);
  }

  /** Opens a namespace of the calling thread. */
  public static Fd current(NamespaceKind kind) {
    return FileCalls.open("/proc/thread-self/ns/" + kind.procName(), FileFlags.O_RDONLY);
  }

  /** Which namespace a descriptor means: the inode number that {@code lsns} prints. */
  public static long inode(Fd namespace) {
    return FileCalls.statx(namespace).inode();
  }

  /** Runs a body on a fresh platform thread inside the given network namespace. */
  public static <T extends @Nullable Object> T inNetwork(Fd network, Callable<T> body) {
    return in(List.of(network), body);
  }

  /**
   * Runs a body on a fresh platform thread inside the given namespaces, and waits until the thread
   * has ended. The body must not start threads or hand work to executors.
   *
   * @param namespaces open namespaces of any kind, entered in this order
   */
  public static <T extends @Nullable Object> T in(List<Fd> namespaces, Callable<T> body) {
    return call(() -> {
      for (Fd namespace : namespaces) {
        setns(namespace);
      }
      return body.call();
    });
  }

  /**
   * Runs a body on a fresh platform thread, which may change its own namespaces, and waits until
   * that thread has ended. Exceptions of the body are thrown to the caller.
   */
  public static <T extends @Nullable Object> T call(Callable<T> body) {
    NamespaceThread<T> thread = new NamespaceThread<>(body);
    thread.start();
    return thread.awaitEnd();
  }

  /**
   * Enters a namespace. Only for a thread that is about to end: see the class comment. Before a
   * mount namespace the thread stops sharing its current directory with the others.
   */
  public static void setns(Fd namespace) {
    try (Frame frame = new Frame()) {
      long result = frame.syscall(SETNS, namespace.number(), 0);
      if (result == -Errno.EINVAL.number()) {
        check(frame.syscall(UNSHARE, CLONE_FS), "unshare", "CLONE_FS");
        result = frame.syscall(SETNS, namespace.number(), 0);
      }
      check(result, "setns", namespace);
    }
  }

  /** Leaves namespaces for new ones. Only for a thread that is about to end. */
  public static void unshare(NamespaceKind... kinds) {
    long flags = 0;
    for (NamespaceKind kind : kinds) {
      flags |= kind.cloneFlag();
    }
    try (Frame frame = new Frame()) {
      check(frame.syscall(UNSHARE, flags), "unshare", List.of(kinds));
    }
  }

  /** Changes the current directory of the calling thread, which must have unshared a mount ns. */
  public static void fchdir(Fd directory) {
    try (Frame frame = new Frame()) {
      check(frame.syscall(FCHDIR, directory.number()), "fchdir", directory);
    }
  }

  /** Sets the host name of the calling thread's UTS namespace. */
  public static void sethostname(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    try (Frame frame = new Frame()) {
      check(frame.syscall(SETHOSTNAME, frame.bytes(bytes), bytes.length), "sethostname", name);
    }
  }
}
