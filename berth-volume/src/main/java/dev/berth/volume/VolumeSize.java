package dev.berth.volume;

import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.util.HashSet;
import java.util.Set;

/** The length of all files below a folder, hard links counted once, links not followed. */
final class VolumeSize {
  private static final int OPEN = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;

  /** Each level holds a descriptor. */
  private static final int MAX_DEPTH = 400;

  private final Set<Identity> counted = new HashSet<>();
  private long bytes;
  private long inodes = 1;

  /**
   * What was counted.
   *
   * @param bytes the length of all files
   * @param inodes files and folders, the top one among them
   */
  record Count(long bytes, long inodes) {}

  private record Identity(long device, long inode) {}

  private VolumeSize() {}

  /** The size in bytes of what is below an open folder. */
  static long measure(Fd folder) {
    return count(folder).bytes();
  }

  /** Size and number of what is below an open folder. */
  static Count count(Fd folder) {
    VolumeSize size = new VolumeSize();
    size.add(folder, 0);
    return new Count(size.bytes, size.inodes);
  }

  /**
   * @return the size in bytes, -1 when the folder cannot be read
   */
  static long measure(String folder) {
    VolumeSize size = new VolumeSize();
    try (Fd top = FileCalls.open(folder, FileFlags.O_RDONLY | FileFlags.O_DIRECTORY)) {
      size.add(top, 0);
      return size.bytes;
    } catch (LinuxException e) {
      return -1;
    }
  }

  private void add(Fd folder, int depth) {
    if (depth > MAX_DEPTH) {
      return;
    }
    for (DirectoryEntry entry : FileCalls.list(folder)) {
      if (entry.kind() == FileFlags.S_IFDIR) {
        addFolder(folder, entry.name(), depth);
      } else {
        FileStatus status = FileCalls.statxIfExists(folder, entry.name());
        if (status != null && isFirst(status)) {
          inodes++;
          bytes += status.sizeBytes();
        }
      }
    }
  }

  private void addFolder(Fd parent, String name, int depth) {
    try (Fd folder = FileCalls.openat(parent, name, OPEN, 0)) {
      inodes++;
      add(folder, depth + 1);
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR)) {
        throw e;
      }
    }
  }

  private boolean isFirst(FileStatus status) {
    if (status.links() < 2) {
      return true;
    }
    long device = ((long) status.deviceMajor() << 32) | status.deviceMinor();
    return counted.add(new Identity(device, status.inode()));
  }
}
