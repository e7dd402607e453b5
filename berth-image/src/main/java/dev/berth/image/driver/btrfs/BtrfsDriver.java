package dev.berth.image.driver.btrfs;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.image.StorageLimits;
import dev.berth.image.driver.home.HomeDirectory;
import dev.berth.image.driver.whole.WholeTree;
import dev.berth.image.driver.whole.WholeTreeDriver;
import dev.berth.linux.Btrfs;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileSystemStatus;
import dev.berth.linux.LinuxException;
import dev.berth.linux.SystemFacts;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Subvolumes of btrfs: the layers of an image are put together once, in a base that shares their
 * blocks, and each container has a snapshot of it. The driver's directory has the bases beside the
 * containers' homes; the names of bases begin with {@value #BASE}.
 */
public final class BtrfsDriver implements WholeTreeDriver {
  private static final String BASE = "base-";
  private static final String PART = "part";
  private static final int DIRECTORY = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;

  private final HomeDirectory directory;
  private final StorageLimits limits;

  /** One for each base that is being made. */
  private final Map<String, ReentrantLock> making = new ConcurrentHashMap<>();

  /**
   * @param root its directory, made by {@link #check}
   * @param limits for containers
   */
  public BtrfsDriver(Path root, StorageLimits limits) {
    this.directory = new HomeDirectory(root);
    this.limits = limits;
  }

  @Override
  public String name() {
    return "btrfs";
  }

  @Override
  public void check() {
    Path parent = directory.root().toAbsolutePath().getParent();
    FileSystemStatus status = FileCalls.statfs(String.valueOf(parent));
    if (status.type() != FileSystemStatus.BTRFS) {
      throw EngineException.unavailable(
          "storage driver btrfs needs a btrfs file system below "
              + parent
              + ", which is on "
              + status.typeName());
    }
    try {
      directory.make();
      try (Fd root = root()) {
        Subvolumes.delete(root, "probe");
        Btrfs.createSubvolume(root, "probe");
        Subvolumes.delete(root, "probe");
      }
    } catch (LinuxException e) {
      throw new EngineException(
          ErrorKind.UNAVAILABLE,
          "storage driver btrfs does not work on " + directory.root() + ": " + e.getMessage(),
          e);
    }
  }

  private Fd root() {
    return FileCalls.open(directory.root().toString(), DIRECTORY);
  }

  @Override
  public List<Fact> status() {
    return List.of(new Fact("Btrfs", SystemFacts.uname().release()));
  }

  @Override
  public Path home(String name) {
    return directory.home(name);
  }

  @Override
  public void prepare(Stack stack, long sizeBytes) {
    long size = limits.effective(sizeBytes);
    directory.makeHome(stack.home(), 0);
    try (Fd home = FileCalls.open(stack.home().toString(), DIRECTORY)) {
      ReentrantLock lock = making.computeIfAbsent(stack.base(), _ -> new ReentrantLock());
      lock.lock();
      try (Fd base = base(stack, home)) {
        Btrfs.snapshot(base, home, String.valueOf(merged(stack).getFileName()));
      } finally {
        lock.unlock();
      }
    }
    if (size > 0) {
      limit(merged(stack), size);
    }
  }

  /** Opens the base of a stack; makes it in the home and moves it when it is whole. */
  private Fd base(Stack stack, Fd home) {
    Path base = basePath(stack);
    if (FileCalls.statxIfExists(Fd.currentDirectory(), base.toString()) == null) {
      Btrfs.createSubvolume(home, PART);
      new WholeTree(stack.home().resolve(PART), stack.lowers()).compose();
      FileCalls.renameat2(
          home, PART, Fd.currentDirectory(), base.toString(), FileFlags.RENAME_NOREPLACE);
    }
    return FileCalls.open(base.toString(), DIRECTORY);
  }

  private Path basePath(Stack stack) {
    return directory.home(BASE + stack.base());
  }

  /**
   * The count of all subvolumes is switched on with the first limit. It is made afresh, because the
   * kernel gives it up when subvolumes go that share much, and does not limit without it.
   */
  private static void limit(Path merged, long size) {
    try (Fd subvolume = FileCalls.open(merged.toString(), DIRECTORY)) {
      Btrfs.enableQuota(subvolume);
      Btrfs.recount(subvolume);
      Btrfs.awaitCount(subvolume);
      Btrfs.limit(subvolume, size);
    }
  }

  @Override
  public void remove(Path home) {
    try (Fd root = root()) {
      Subvolumes.delete(root, String.valueOf(home.getFileName()));
      recount(root);
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  /** Keeps the limits of other containers valid, where there are any. */
  private static void recount(Fd root) {
    try {
      Btrfs.recount(root);
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOTCONN) && !e.is(Errno.EINVAL)) {
        throw e;
      }
    }
  }

  @Override
  public void retain(Set<String> homes, Set<String> bases) {
    Set<String> staying = new HashSet<>(homes);
    bases.forEach(base -> staying.add(BASE + base));
    directory.others(staying).forEach(this::remove);
  }

  /** What the stack began as: the base where it is still there, else the layers themselves. */
  @Override
  public WholeTree tree(Stack stack) {
    Path base = basePath(stack);
    boolean there = FileCalls.statxIfExists(Fd.currentDirectory(), base.toString()) != null;
    return new WholeTree(merged(stack), there ? List.of(base) : stack.lowers());
  }
}
