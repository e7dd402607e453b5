package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.FileSystemFreeze;
import dev.berth.linux.LinuxException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A volume's own file system, held still until it is closed or the time is over, whichever comes
 * first: whatever goes wrong with the reader, those who write go on.
 */
final class FrozenFileSystem implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(FrozenFileSystem.class.getName());

  private final Fd data;
  private final AtomicBoolean thawed = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean expired;

  private FrozenFileSystem(Fd data) {
    this.data = data;
  }

  /**
   * Freezes.
   *
   * @param data open on the file system
   * @param engine open where the engine itself keeps things, which must be another file system
   * @param limit how long at most
   * @throws EngineException CONFLICT where that must not or cannot be done
   */
  static FrozenFileSystem freeze(String volume, Fd data, Fd engine, Duration limit) {
    FileStatus theirs = FileCalls.statx(data);
    FileStatus ours = FileCalls.statx(engine);
    boolean onDeviceOfItsOwn =
        theirs.deviceMajor() != 0
            && (theirs.deviceMajor() != ours.deviceMajor()
                || theirs.deviceMinor() != ours.deviceMinor());
    if (!onDeviceOfItsOwn) {
      throw EngineException.conflict(
          "volume "
              + volume
              + " cannot be frozen: its file system is not on a device of its own, and the engine"
              + " may write there too; use the consistency \"pause\"");
    }
    try {
      FileSystemFreeze.freeze(data);
    } catch (LinuxException e) {
      throw EngineException.conflict("volume " + volume + " cannot be frozen: " + e.errno().text());
    }
    FrozenFileSystem frozen = new FrozenFileSystem(data.duplicate());
    Thread.ofVirtual().name("freeze-limit").start(() -> frozen.expireAfter(limit));
    return frozen;
  }

  /** After a crash: whatever is mounted at a path goes on. */
  static void thaw(String path) {
    try (Fd data = FileCalls.open(path, FileFlags.O_RDONLY | FileFlags.O_DIRECTORY)) {
      FileSystemFreeze.thaw(data);
      LOG.log(System.Logger.Level.INFO, "the file system at " + path + " was still frozen");
    } catch (LinuxException e) {
      if (!e.is(Errno.EINVAL) && !e.is(Errno.ENOENT) && !e.is(Errno.EOPNOTSUPP)) {
        throw e;
      }
    }
  }

  private void expireAfter(Duration limit) {
    try {
      expired = !closed.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      expired = true;
    }
    letGo();
    data.close();
  }

  private void letGo() {
    if (thawed.compareAndSet(false, true)) {
      try {
        FileSystemFreeze.thaw(data);
      } catch (LinuxException e) {
        LOG.log(System.Logger.Level.WARNING, "thaw: " + e.getMessage(), e);
      }
    }
  }

  /** Fails when the time was over before now: what was read may be of different moments. */
  void requireStill() {
    if (expired) {
      throw EngineException.internal(
          "the file system was held still for too long and goes on; what was read is not of one"
              + " moment",
          null);
    }
  }

  @Override
  public void close() {
    if (!expired) {
      letGo();
    }
    closed.countDown();
  }
}
