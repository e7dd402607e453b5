package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.INOTIFY_ADD_WATCH;
import static dev.berth.linux.SyscallNumber.INOTIFY_INIT1;
import static dev.berth.linux.SyscallNumber.INOTIFY_RM_WATCH;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Notices of changes in directories and files. Register {@link #fd()} with an {@link EventLoop} and
 * take the notices there.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/inotify.7.html">inotify(7)</a>
 */
public final class Inotify implements AutoCloseable {
  /** Content changed. */
  public static final int IN_MODIFY = 0x2;

  /** Permissions, owner, links or the like changed. */
  public static final int IN_ATTRIB = 0x4;

  /** Closed by somebody who could write. */
  public static final int IN_CLOSE_WRITE = 0x8;

  /** A name went away by renaming. */
  public static final int IN_MOVED_FROM = 0x40;

  /** A name came by renaming. */
  public static final int IN_MOVED_TO = 0x80;

  /** A name was made. */
  public static final int IN_CREATE = 0x100;

  /** A name was removed. */
  public static final int IN_DELETE = 0x200;

  /** What is watched was removed itself. */
  public static final int IN_DELETE_SELF = 0x400;

  /** Notices were lost: look at everything. */
  public static final int IN_Q_OVERFLOW = 0x4000;

  private static final int HEADER_BYTES = 16;
  private static final int BUFFER_BYTES = 16 * 1024;

  /**
   * One notice.
   *
   * @param watch the number that {@link #watch} returned; -1 for an overflow
   * @param mask what happened, a sum of {@code IN_} constants
   * @param name the name in the watched directory; empty when it is about the watched file itself
   */
  public record Notice(int watch, int mask, String name) {}

  private final Fd fd;

  private Inotify(Fd fd) {
    this.fd = fd;
  }

  /** Makes one that watches nothing yet; reads never wait. */
  public static Inotify create() {
    try (Frame frame = new Frame()) {
      long flags = FileFlags.O_CLOEXEC | FileFlags.O_NONBLOCK;
      long result = frame.syscall(INOTIFY_INIT1, flags);
      return new Inotify(Fd.adopt((int) check(result, "inotify_init1")));
    }
  }

  /** The descriptor, readable when there are notices. */
  public Fd fd() {
    return fd;
  }

  /** Begins to watch a path; tells the watch's number. */
  public int watch(String path, int mask) {
    try (Frame frame = new Frame()) {
      long name = frame.string(path);
      long result = frame.syscall(INOTIFY_ADD_WATCH, fd.number(), name, mask);
      return (int) check(result, "inotify_add_watch", path);
    }
  }

  /** Ends a watch; nothing happens when it has ended by itself. */
  public void unwatch(int watch) {
    try (Frame frame = new Frame()) {
      long result = frame.syscall(INOTIFY_RM_WATCH, fd.number(), watch);
      if (result != -Errno.EINVAL.number()) {
        check(result, "inotify_rm_watch", watch);
      }
    }
  }

  /** Takes the notices that are there, without waiting. */
  public List<Notice> take() {
    List<Notice> notices = new ArrayList<>();
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      int length = FileData.read(fd, buffer, 0, buffer.length);
      decode(buffer, length, notices);
    } catch (LinuxException failure) {
      if (!failure.is(Errno.EAGAIN)) {
        throw failure;
      }
    }
    return notices;
  }

  static void decode(byte[] bytes, int length, List<Notice> into) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    int at = 0;
    while (at + HEADER_BYTES <= length) {
      int nameBytes = in.getInt(at + 12);
      int end = at + HEADER_BYTES;
      while (end < at + HEADER_BYTES + nameBytes && bytes[end] != 0) {
        end++;
      }
      int start = at + HEADER_BYTES;
      into.add(
          new Notice(
              in.getInt(at), in.getInt(at + 4), KernelStrings.decode(bytes, start, end - start)));
      at += HEADER_BYTES + nameBytes;
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
