package dev.berth.runtime.driver.crun;

import dev.berth.runtime.ContainerLog;
import dev.berth.runtime.IoSpec;
import dev.berth.runtime.driver.conmon.Conmon;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the sizes of the logs that have a limit, and sets aside those that have outgrown it: the
 * monitor's own limit would throw the old lines away.
 */
final class LogRotator implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LogRotator.class.getName());
  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final Duration REOPEN_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REOPEN_POLL = Duration.ofMillis(1);

  private final Map<String, ProgramContainer> watched = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private @Nullable Thread thread;

  /** Watches a container until its end, if its log has a limit. */
  synchronized void add(ProgramContainer container, IoSpec.LogTarget log) {
    if (!(log instanceof IoSpec.LogTarget.File file) || file.rotation().maxSizeBytes() <= 0) {
      return;
    }
    watched.put(container.id(), container);
    CompletableFuture<Void> _ =
        container.exit().thenRun(() -> watched.remove(container.id(), container));
    if (thread == null) {
      thread = Thread.ofVirtual().name("berth-log-rotation").start(this::run);
    }
  }

  private void run() {
    while (!closed) {
      for (ProgramContainer container : watched.values()) {
        try {
          container.rotateLog();
        } catch (RuntimeException failure) {
          LOG.log(System.Logger.Level.WARNING, "rotating the log of " + container.id(), failure);
        }
      }
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }

  /** Sets a log aside if it has outgrown its limit. */
  static void rotate(Path bundle, IoSpec.LogTarget target) {
    if (!(target instanceof IoSpec.LogTarget.File(Path path, IoSpec.LogRotation rotation))) {
      return;
    }
    try {
      if (rotation.maxSizeBytes() > 0
          && Files.exists(path)
          && Files.size(path) >= rotation.maxSizeBytes()) {
        shift(new ContainerLog(path), rotation);
        if (Conmon.reopenLog(bundle)) {
          awaitFile(path);
        }
      }
    } catch (IOException failure) {
      LOG.log(System.Logger.Level.WARNING, "rotating log " + path + " failed", failure);
    }
  }

  /**
   * The file set aside last is not compressed before it is set aside once more: until then the
   * monitor may write to it, and readers follow it.
   */
  private static void shift(ContainerLog log, IoSpec.LogRotation rotation) throws IOException {
    int oldest = rotation.maxFiles() - 1;
    if (oldest == 0) {
      return;
    }
    Files.deleteIfExists(log.file(oldest));
    Files.deleteIfExists(log.compressedFile(oldest));
    for (int index = oldest - 1; index >= 1; index--) {
      moveIfExists(log.file(index), log.file(index + 1));
      moveIfExists(log.compressedFile(index), log.compressedFile(index + 1));
    }
    if (rotation.compress() && Files.exists(log.file(2))) {
      compress(log.file(2), log.compressedFile(2));
    }
    Files.move(log.newest(), log.file(1));
  }

  private static void moveIfExists(Path from, Path to) throws IOException {
    if (Files.exists(from)) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void compress(Path from, Path to) throws IOException {
    Path partial = to.resolveSibling(to.getFileName() + ".tmp");
    try (InputStream in = Files.newInputStream(from);
        OutputStream out = new GZIPOutputStream(Files.newOutputStream(partial))) {
      in.transferTo(out);
    }
    Files.move(partial, to, StandardCopyOption.ATOMIC_MOVE);
    Files.delete(from);
  }

  private static void awaitFile(Path path) {
    long deadline = System.nanoTime() + REOPEN_TIMEOUT.toNanos();
    while (!Files.exists(path) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(REOPEN_POLL.toNanos());
    }
  }

  @Override
  public void close() {
    closed = true;
    watched.clear();
  }
}
