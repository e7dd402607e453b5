package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.FGETXATTR;
import static dev.berth.linux.SyscallNumber.FLISTXATTR;
import static dev.berth.linux.SyscallNumber.FREMOVEXATTR;
import static dev.berth.linux.SyscallNumber.FSETXATTR;
import static dev.berth.linux.SyscallNumber.LGETXATTR;
import static dev.berth.linux.SyscallNumber.LLISTXATTR;
import static dev.berth.linux.SyscallNumber.LREMOVEXATTR;
import static dev.berth.linux.SyscallNumber.LSETXATTR;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Extended attributes, by path (never following a link at its end) or by descriptor. To reach a
 * name below a directory descriptor without a race, pass {@code directory.procPath() + "/" + name}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/xattr.7.html">xattr(7)</a>
 */
public final class ExtendedAttributes {
  private static final int FIRST_TRY_BYTES = 1024;
  private static final int LIMIT_BYTES = 64 * 1024;

  private ExtendedAttributes() {}

  /** The value, or nothing when the attribute or the support for it is missing. */
  public static Optional<byte[]> lgetxattr(String path, String name) {
    return value(LGETXATTR, new Target(path, null), name);
  }

  /** The value of an open file, or nothing when the attribute or the support is missing. */
  public static Optional<byte[]> fgetxattr(Fd file, String name) {
    return value(FGETXATTR, new Target("", file), name);
  }

  /** Sets a value, making or replacing the attribute. */
  public static void lsetxattr(String path, String name, byte[] value) {
    set(LSETXATTR, new Target(path, null), name, value);
  }

  /** Sets a value of an open file. */
  public static void fsetxattr(Fd file, String name, byte[] value) {
    set(FSETXATTR, new Target("", file), name, value);
  }

  /** The names; none where the file system has no attributes. */
  public static List<String> llistxattr(String path) {
    return list(LLISTXATTR, new Target(path, null));
  }

  /** The names of an open file. */
  public static List<String> flistxattr(Fd file) {
    return list(FLISTXATTR, new Target("", file));
  }

  /** Removes an attribute; ENODATA when it is missing. */
  public static void lremovexattr(String path, String name) {
    remove(LREMOVEXATTR, new Target(path, null), name);
  }

  /** Removes an attribute of an open file. */
  public static void fremovexattr(Fd file, String name) {
    remove(FREMOVEXATTR, new Target("", file), name);
  }

  private record Target(String path, @Nullable Fd file) {
    long word(Frame frame) {
      return file == null ? frame.string(path) : file.number();
    }

    @Override
    public String toString() {
      return file == null ? path : file.toString();
    }
  }

  private static Optional<byte[]> value(int call, Target target, String name) {
    for (int size = FIRST_TRY_BYTES; ; size = LIMIT_BYTES) {
      try (Frame frame = new Frame()) {
        MemorySegment value = frame.allocate(size);
        long result =
            frame.syscall(call, target.word(frame), frame.string(name), value.address(), size);
        if (result == -Errno.ERANGE.number() && size < LIMIT_BYTES) {
          continue;
        }
        if (result == -Errno.ENODATA.number() || result == -Errno.EOPNOTSUPP.number()) {
          return Optional.empty();
        }
        return Optional.of(copy(value, check(result, "getxattr", target, name)));
      }
    }
  }

  private static void set(int call, Target target, String name, byte[] value) {
    try (Frame frame = new Frame()) {
      long word = target.word(frame);
      long bytes = frame.bytes(value);
      long result = frame.syscall(call, word, frame.string(name), bytes, value.length, 0);
      check(result, "setxattr", target, name);
    }
  }

  private static List<String> list(int call, Target target) {
    for (int size = FIRST_TRY_BYTES; ; size = LIMIT_BYTES) {
      try (Frame frame = new Frame()) {
        MemorySegment names = frame.allocate(size);
        long result = frame.syscall(call, target.word(frame), names.address(), size);
        if (result == -Errno.ERANGE.number() && size < LIMIT_BYTES) {
          continue;
        }
        if (result == -Errno.EOPNOTSUPP.number()) {
          return List.of();
        }
        return split(copy(names, check(result, "listxattr", target)));
      }
    }
  }

  private static void remove(int call, Target target, String name) {
    try (Frame frame = new Frame()) {
      long result = frame.syscall(call, target.word(frame), frame.string(name));
      check(result, "removexattr", target, name);
    }
  }

  private static byte[] copy(MemorySegment segment, long length) {
    byte[] bytes = new byte[(int) length];
    segment.asByteBuffer().get(bytes);
    return bytes;
  }

  static List<String> split(byte[] names) {
    List<String> result = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < names.length; i++) {
      if (names[i] == 0) {
        result.add(KernelStrings.decode(names, start, i - start));
        start = i + 1;
      }
    }
    return result;
  }
}
