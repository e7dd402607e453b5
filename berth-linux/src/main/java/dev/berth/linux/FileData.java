package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.COPY_FILE_RANGE;
import static dev.berth.linux.SyscallNumber.DUP3;
import static dev.berth.linux.SyscallNumber.FALLOCATE;
import static dev.berth.linux.SyscallNumber.FCNTL;
import static dev.berth.linux.SyscallNumber.FDATASYNC;
import static dev.berth.linux.SyscallNumber.FLOCK;
import static dev.berth.linux.SyscallNumber.FSYNC;
import static dev.berth.linux.SyscallNumber.FTRUNCATE;
import static dev.berth.linux.SyscallNumber.IOCTL;
import static dev.berth.linux.SyscallNumber.LSEEK;
import static dev.berth.linux.SyscallNumber.MEMFD_CREATE;
import static dev.berth.linux.SyscallNumber.PIPE2;
import static dev.berth.linux.SyscallNumber.PREAD64;
import static dev.berth.linux.SyscallNumber.PWRITE64;
import static dev.berth.linux.SyscallNumber.READ;
import static dev.berth.linux.SyscallNumber.SYNCFS;
import static dev.berth.linux.SyscallNumber.WRITE;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;

/**
 * The calls on the content of open files. Reads and writes go on after a signal. A call that waits
 * (a pipe, a socket, a lock) holds its carrier when made on a virtual thread: use a platform thread
 * or the event loop for those.
 */
public final class FileData {
  /** lseek from the start. */
  public static final int SEEK_SET = 0;

  /** lseek from the current place. */
  public static final int SEEK_CUR = 1;

  /** lseek from the end. */
  public static final int SEEK_END = 2;

  /** lseek to the next byte of data. */
  public static final int SEEK_DATA = 3;

  /** lseek to the next hole. */
  public static final int SEEK_HOLE = 4;

  /** flock for several. */
  public static final int LOCK_SH = 1;

  /** flock for one. */
  public static final int LOCK_EX = 2;

  /** flock without waiting: EAGAIN when somebody else holds it. */
  public static final int LOCK_NB = 4;

  /** flock given back. */
  public static final int LOCK_UN = 8;

  /** A descriptor's flags, for {@link #fcntl}. */
  public static final int F_GETFD = 1;

  /** Sets a descriptor's flags. */
  public static final int F_SETFD = 2;

  /** An open file's flags. */
  public static final int F_GETFL = 3;

  /** Sets an open file's flags. */
  public static final int F_SETFL = 4;

  /** Seals a memfd. */
  public static final int F_ADD_SEALS = 1033;

  /** The close-on-exec flag of F_SETFD. */
  public static final int FD_CLOEXEC = 1;

  private static final long FICLONE = 0x40049409L;
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int TRANSFER_BYTES = 64 * 1024;

  private FileData() {}

  /** Reads up to {@code length} bytes; 0 at the end. */
  public static int read(Fd file, byte[] into, int offset, int length) {
    try (Frame frame = new Frame()) {
      MemorySegment buffer = frame.allocate(length);
      long result;
      do {
        result = frame.syscall(READ, file.number(), buffer.address(), length);
      } while (result == -Errno.EINTR.number());
      int count = (int) check(result, "read", file);
      buffer.asByteBuffer().get(into, offset, count);
      return count;
    }
  }

  /** Reads at a place; 0 at the end. */
  public static int pread(Fd file, byte[] into, int offset, int length, long position) {
    try (Frame frame = new Frame()) {
      MemorySegment buffer = frame.allocate(length);
      long result = frame.syscall(PREAD64, file.number(), buffer.address(), length, position);
      int count = (int) check(result, "pread64", file);
      buffer.asByteBuffer().get(into, offset, count);
      return count;
    }
  }

  /**
   * Reads to the end.
   *
   * @param limitBytes fails with EFBIG beyond this
   */
  public static byte[] readAll(Fd file, int limitBytes) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] chunk = new byte[Math.min(TRANSFER_BYTES, limitBytes + 1)];
    while (true) {
      int count = read(file, chunk, 0, chunk.length);
      if (count == 0) {
        return all.toByteArray();
      }
      all.write(chunk, 0, count);
      if (all.size() > limitBytes) {
        throw new LinuxException(Errno.EFBIG, "read", file.toString());
      }
    }
  }

  /** Writes once; tells how many bytes were taken. */
  public static int write(Fd file, byte[] from, int offset, int length) {
    try (Frame frame = new Frame()) {
      long buffer = frame.bytes(from, offset, length);
      long result;
      do {
        result = frame.syscall(WRITE, file.number(), buffer, length);
      } while (result == -Errno.EINTR.number());
      return (int) check(result, "write", file);
    }
  }

  /** Writes everything, in as many calls as it takes. */
  public static void writeAll(Fd file, byte[] content) {
    int done = 0;
    while (done < content.length) {
      done += write(file, content, done, Math.min(content.length - done, TRANSFER_BYTES));
    }
  }

  /** Writes at a place; tells how many bytes were taken. */
  public static int pwrite(Fd file, byte[] from, int offset, int length, long position) {
    try (Frame frame = new Frame()) {
      long buffer = frame.bytes(from, offset, length);
      long result = frame.syscall(PWRITE64, file.number(), buffer, length, position);
      return (int) check(result, "pwrite64", file);
    }
  }

  /** Reads into native memory; 0 at the end. */
  public static long read(Fd file, MemorySegment into) {
    try (Frame frame = new Frame()) {
      long result;
      do {
        result = frame.syscall(READ, file.number(), into.address(), into.byteSize());
      } while (result == -Errno.EINTR.number());
      return check(result, "read", file);
    }
  }

  /** Writes from native memory; tells how many bytes were taken. */
  public static long write(Fd file, MemorySegment from) {
    try (Frame frame = new Frame()) {
      long result;
      do {
        result = frame.syscall(WRITE, file.number(), from.address(), from.byteSize());
      } while (result == -Errno.EINTR.number());
      return check(result, "write", file);
    }
  }

  /**
   * Copies between two files inside the kernel, at their current places.
   *
   * @return bytes copied; 0 at the end of the source
   */
  public static long copyFileRange(Fd from, Fd to, long length) {
    try (Frame frame = new Frame()) {
      long result = frame.syscall(COPY_FILE_RANGE, from.number(), 0, to.number(), 0, length, 0);
      return check(result, "copy_file_range", from, to);
    }
  }

  /** Lets a file share all blocks of another (reflink); EOPNOTSUPP or EXDEV where not possible. */
  public static void ficlone(Fd from, Fd to) {
    try (Frame frame = new Frame()) {
      check(frame.syscall(IOCTL, to.number(), FICLONE, from.number()), "FICLONE", from, to);
    }
  }

  /** Moves the place of the next read or write; ENXIO when there is no more data or hole. */
  public static long lseek(Fd file, long offset, int whence) {
    try (Frame frame = new Frame()) {
      return check(frame.syscall(LSEEK, file.number(), offset, whence), "lseek", file);
    }
  }

  /** Sets the length. */
  public static void ftruncate(Fd file, long length) {
    try (Frame frame = new Frame()) {
      check(frame.syscall(FTRUNCATE, file.number(), length), "ftruncate", file);
    }
  }

  /** Reserves or punches space; see fallocate(2) for the mode. */
  public static void fallocate(Fd file, int mode, long offset, long length) {
    try (Frame frame = new Frame()) {
      check(frame.syscall(FALLOCATE, file.number(), mode, offset, length), "fallocate", file);
    }
  }

  /** Waits until content and status are on the disk. */
  public static void fsync(Fd file) {
    try (Frame frame = new Frame()) {
      check(frame.syscall(FSYNC, file.number()), "fsync", file);
    }
  }

  /** Waits until the content is on the disk. */
  public static void fdatasync(Fd file) {
    try (Frame frame = new Frame()) {
      check(frame.syscall(FDATASYNC, file.number()), "fdatasync", file);
    }
  }

  /** Waits until a whole file system is on the disk. */
  public static void syncfs(Fd file) {
    try (Frame frame = new Frame()) {
      check(frame.syscall(SYNCFS, file.number()), "syncfs", file);
    }
  }

  /** Takes or gives back an advisory lock of the open file. */
  public static void flock(Fd file, int operation) {
    try (Frame frame = new Frame()) {
      check(frame.syscall(FLOCK, file.number(), operation), "flock", file);
    }
  }

  /** fcntl(2) with a number as argument. */
  public static int fcntl(Fd file, int command, long argument) {
    try (Frame frame = new Frame()) {
      return (int) check(frame.syscall(FCNTL, file.number(), command, argument), "fcntl", file);
    }
  }

  /** Switches waiting off or on. */
  public static void nonBlocking(Fd file, boolean enabled) {
    int flags = fcntl(file, F_GETFL, 0);
    int wanted = enabled ? flags | FileFlags.O_NONBLOCK : flags & ~FileFlags.O_NONBLOCK;
    fcntl(file, F_SETFL, wanted);
  }

  /** Makes a number refer to the same open file; the new number is not close-on-exec. */
  public static void dup2(Fd file, int number) {
    try (Frame frame = new Frame()) {
      check(frame.syscall(DUP3, file.number(), number, 0), "dup3", file, number);
    }
  }

  /**
   * The two ends of a pipe.
   *
   * @param read where bytes come out
   * @param write where bytes go in
   */
  public record Pipe(Fd read, Fd write) implements AutoCloseable {
    /** Closes both ends. */
    @Override
    public void close() {
      read.close();
      write.close();
    }
  }

  /**
   * Makes a pipe.
   *
   * @param flags {@link FileFlags#O_NONBLOCK} or 0; close-on-exec is added
   */
  public static Pipe pipe2(int flags) {
    try (Frame frame = new Frame()) {
      MemorySegment ends = frame.allocate(8);
      check(frame.syscall(PIPE2, ends.address(), flags | FileFlags.O_CLOEXEC), "pipe2");
      var numbers = Frame.buffer(ends);
      return new Pipe(Fd.adopt(numbers.getInt(0)), Fd.adopt(numbers.getInt(4)));
    }
  }

  /** Makes a nameless file in memory; the name shows in /proc only. */
  public static Fd memfd(String name) {
    try (Frame frame = new Frame()) {
      long flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
      long result = frame.syscall(MEMFD_CREATE, frame.string(name), flags);
      return Fd.adopt((int) check(result, "memfd_create", name));
    }
  }
}
