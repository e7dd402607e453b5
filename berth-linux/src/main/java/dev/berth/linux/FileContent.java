package dev.berth.linux;

import java.util.function.LongConsumer;

/**
 * Copies the content of files by the cheapest way that works: shared blocks, a copy inside the
 * kernel, or, for small files, one read and one write. What does not work once between two file
 * systems is not tried again. One instance serves one copy of a tree, on one thread.
 */
public final class FileContent {
  private static final int SMALL_BYTES = 64 * 1024;
  private static final int BLOCK_BYTES = 512;
  private static final int SHARED_BYTES = 4 * 1024;
  private static final long MOST_AT_ONCE = 64L << 20;

  private final byte[] buffer = new byte[SMALL_BYTES];
  private final int wholeBytes;
  private final LongConsumer observer;
  private boolean canShare = true;
  private boolean canCopyInside = true;

  /** One for a copy that begins. */
  public FileContent() {
    this(false, bytes -> {});
  }

  /**
   * One for a copy that somebody follows.
   *
   * @param sharing whether to share the blocks of small files too, to save space rather than time
   * @param observer told how many further bytes are done; what it throws ends the copy
   */
  public FileContent(boolean sharing, LongConsumer observer) {
    this.wholeBytes = sharing ? SHARED_BYTES : SMALL_BYTES;
    this.observer = observer;
  }

  /**
   * Copies a file into an empty one; holes stay holes.
   *
   * @param from open for reading, at its start
   * @param to open for writing, empty
   * @param status of the first
   */
  public void copy(Fd from, Fd to, FileStatus status) {
    long size = status.sizeBytes();
    if (size == 0) {
      return;
    }
    boolean sparse = status.blocks512() * BLOCK_BYTES < size;
    if (sparse && size > SMALL_BYTES) {
      copyData(from, to, size);
    } else if (size <= wholeBytes || (size <= SMALL_BYTES && !canShare)) {
      copyByBuffer(from, to, size);
    } else if (shared(from, to)) {
      observer.accept(size);
    } else {
      copyRange(from, to, size);
    }
  }

  private boolean shared(Fd from, Fd to) {
    if (!canShare) {
      return false;
    }
    try {
      FileData.ficlone(from, to);
      return true;
    } catch (LinuxException e) {
      canShare = false;
      return false;
    }
  }

  /** Copies only what is data; the rest stays a hole. */
  private void copyData(Fd from, Fd to, long size) {
    if (shared(from, to)) {
      observer.accept(size);
      return;
    }
    FileData.ftruncate(to, size);
    for (long at = nextData(from, 0); at >= 0 && at < size; ) {
      long end = Math.min(size, FileData.lseek(from, at, FileData.SEEK_HOLE));
      FileData.lseek(from, at, FileData.SEEK_SET);
      FileData.lseek(to, at, FileData.SEEK_SET);
      copyRange(from, to, end - at);
      at = nextData(from, end);
    }
  }

  private static long nextData(Fd file, long from) {
    try {
      return FileData.lseek(file, from, FileData.SEEK_DATA);
    } catch (LinuxException e) {
      if (e.is(Errno.ENXIO)) {
        return -1;
      }
      throw e;
    }
  }

  private void copyRange(Fd from, Fd to, long length) {
    long left = length;
    while (left > 0 && canCopyInside) {
      long copied = copyInside(from, to, Math.min(left, MOST_AT_ONCE));
      if (copied == 0) {
        return;
      }
      left -= Math.max(0, copied);
      observer.accept(Math.max(0, copied));
    }
    copyByBuffer(from, to, left);
  }

  private long copyInside(Fd from, Fd to, long length) {
    try {
      return FileData.copyFileRange(from, to, length);
    } catch (LinuxException e) {
      if (e.is(Errno.EXDEV) || e.is(Errno.EINVAL) || e.is(Errno.EOPNOTSUPP) || e.is(Errno.ENOSYS)) {
        canCopyInside = false;
        return -1;
      }
      throw e;
    }
  }

  private void copyByBuffer(Fd from, Fd to, long length) {
    long left = length;
    while (left > 0) {
      int count = FileData.read(from, buffer, 0, (int) Math.min(left, buffer.length));
      if (count == 0) {
        return;
      }
      int written = 0;
      while (written < count) {
        written += FileData.write(to, buffer, written, count - written);
      }
      left -= count;
      observer.accept(count);
    }
  }
}
