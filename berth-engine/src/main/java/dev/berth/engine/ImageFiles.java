package dev.berth.engine;

import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileData;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Reads files of a container's root as the container would see them: every path is looked up as if
 * the directory were the root, so that no link of the image leads out of it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/openat2.2.html">openat2(2)</a>
 */
final class ImageFiles implements AutoCloseable {
  private static final int LARGEST = 4 << 20;

  private final Fd root;

  ImageFiles(Path root) {
    this.root = FileCalls.open(root.toString(), FileFlags.O_PATH | FileFlags.O_DIRECTORY);
  }

  /** Users and groups. */
  PasswordFiles passwords() {
    return new PasswordFiles(text("/etc/passwd"), text("/etc/group"));
  }

  private String text(String path) {
    try (Fd file = FileCalls.openInRoot(root, path, FileFlags.O_RDONLY | FileFlags.O_NONBLOCK)) {
      if (!FileCalls.statx(file).isRegular()) {
        return "";
      }
      return new String(FileData.readAll(file, LARGEST), StandardCharsets.UTF_8);
    } catch (LinuxException failure) {
      if (failure.is(Errno.ENOENT) || failure.is(Errno.ENOTDIR) || failure.is(Errno.ELOOP)) {
        return "";
      }
      throw failure;
    }
  }

  /** Permissions of a directory; empty when there is no such directory. */
  OptionalInt directoryPermissions(String path) {
    try (Fd file = FileCalls.openInRoot(root, path, FileFlags.O_PATH)) {
      FileStatus status = FileCalls.statx(file);
      return status.isDirectory() ? OptionalInt.of(status.permissions()) : OptionalInt.empty();
    } catch (LinuxException missing) {
      return OptionalInt.empty();
    }
  }

  @Override
  public void close() {
    root.close();
  }
}
