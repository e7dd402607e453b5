package dev.berth.linux;

import java.nio.ByteBuffer;

/**
 * What statfs(2) tells about a file system.
 *
 * @param type the magic number, for instance {@link #OVERLAYFS}
 * @param blockSize the unit of the block counts, in bytes
 * @param blocks its size
 * @param freeBlocks free for root
 * @param availableBlocks free for others
 * @param files number of inodes
 * @param freeFiles free inodes
 * @param flags mount flags (ST_RDONLY and so on)
 * @see <a href="https://man7.org/linux/man-pages/man2/statfs.2.html">statfs(2)</a>
 */
public record FileSystemStatus(
    long type,
    long blockSize,
    long blocks,
    long freeBlocks,
    long availableBlocks,
    long files,
    long freeFiles,
    long flags) {
  /** The magic number of overlayfs. */
  public static final long OVERLAYFS = 0x794c7630L;

  /** The magic number of ext2, ext3 and ext4. */
  public static final long EXT4 = 0xEF53L;

  /** The magic number of XFS. */
  public static final long XFS = 0x58465342L;

  /** The magic number of Btrfs. */
  public static final long BTRFS = 0x9123683EL;

  /** The magic number of tmpfs. */
  public static final long TMPFS = 0x01021994L;

  /** The magic number of a cgroup v2 hierarchy. */
  public static final long CGROUP2 = 0x63677270L;

  /** The magic number of the namespace file system behind /proc/PID/ns. */
  public static final long NSFS = 0x6e736673L;

  static final int STRUCT_BYTES = 120;

  /** The name docker info prints as the backing file system; the number where it is unknown. */
  public String typeName() {
    if (type == OVERLAYFS) {
      return "overlayfs";
    } else if (type == EXT4) {
      return "extfs";
    } else if (type == XFS) {
      return "xfs";
    } else if (type == BTRFS) {
      return "btrfs";
    } else if (type == TMPFS) {
      return "tmpfs";
    }
    return "0x" + Long.toHexString(type);
  }

  static FileSystemStatus decode(ByteBuffer statfs) {
    return new FileSystemStatus(
        statfs.getLong(0) & 0xFFFFFFFFL,
        statfs.getLong(8),
        statfs.getLong(16),
        statfs.getLong(24),
        statfs.getLong(32),
        statfs.getLong(40),
        statfs.getLong(48),
        statfs.getLong(80));
  }
}
