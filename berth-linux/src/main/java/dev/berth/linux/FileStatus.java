package dev.berth.linux;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * What statx(2) tells about a file.
 *
 * @param mode kind and permissions
 * @param userId the owner
 * @param groupId the group
 * @param links how many names it has
 * @param inode its number in its file system
 * @param sizeBytes length of the content
 * @param blocks512 space taken, in units of 512 bytes
 * @param blockSize the preferred size of a transfer
 * @param accessTime last access
 * @param modifyTime last change of the content
 * @param changeTime last change of content or status
 * @param birthTime creation; the epoch where the file system does not keep it
 * @param specialMajor for a device node its major number
 * @param specialMinor for a device node its minor number
 * @param deviceMajor major number of the file system
 * @param deviceMinor minor number of the file system
 * @param mountId the mount it was reached through
 * @param mountRoot whether it is the root of a mount
 * @see <a href="https://man7.org/linux/man-pages/man2/statx.2.html">statx(2)</a>
 */
public record FileStatus(
    int mode,
    int userId,
    int groupId,
    int links,
    long inode,
    long sizeBytes,
    long blocks512,
    int blockSize,
    Instant accessTime,
    Instant modifyTime,
    Instant changeTime,
    Instant birthTime,
    int specialMajor,
    int specialMinor,
    int deviceMajor,
    int deviceMinor,
    long mountId,
    boolean mountRoot) {
  static final int STRUCT_BYTES = 256;
  private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;

  /** The mode's bits that tell the kind, one of the {@code S_IF} constants. */
  public int kind() {
    return mode & FileFlags.S_IFMT;
  }

  /** The mode's twelve permission bits. */
  public int permissions() {
    return mode & 07777;
  }

  /** Whether it is a directory. */
  public boolean isDirectory() {
    return kind() == FileFlags.S_IFDIR;
  }

  /** Whether it is a regular file. */
  public boolean isRegular() {
    return kind() == FileFlags.S_IFREG;
  }

  /** Whether it is a symbolic link. */
  public boolean isSymbolicLink() {
    return kind() == FileFlags.S_IFLNK;
  }

  /** Whether it is overlayfs's mark of a removed name: a character device 0,0. */
  public boolean isWhiteout() {
    return kind() == FileFlags.S_IFCHR && specialMajor == 0 && specialMinor == 0;
  }

  /**
   * Whether a file and another one of the same name differ in what tells that somebody changed one
   * of them: kind, permissions, owner, device, time of modification, and length unless both are
   * directories.
   */
  public boolean differsFrom(FileStatus other) {
    return mode != other.mode
        || userId != other.userId
        || groupId != other.groupId
        || specialMajor != other.specialMajor
        || specialMinor != other.specialMinor
        || !modifyTime.equals(other.modifyTime)
        || (!isDirectory() && sizeBytes != other.sizeBytes);
  }

  static FileStatus decode(ByteBuffer statx) {
    return new FileStatus(
        statx.getShort(28) & 0xFFFF,
        statx.getInt(20),
        statx.getInt(24),
        statx.getInt(16),
        statx.getLong(32),
        statx.getLong(40),
        statx.getLong(48),
        statx.getInt(4),
        time(statx, 64),
        time(statx, 112),
        time(statx, 96),
        time(statx, 80),
        statx.getInt(128),
        statx.getInt(132),
        statx.getInt(136),
        statx.getInt(140),
        statx.getLong(144),
        (statx.getLong(8) & STATX_ATTR_MOUNT_ROOT) != 0);
  }

  private static Instant time(ByteBuffer statx, int offset) {
    return Instant.ofEpochSecond(statx.getLong(offset), statx.getInt(offset + 8));
  }
}
