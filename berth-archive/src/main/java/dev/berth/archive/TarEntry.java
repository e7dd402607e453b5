package dev.berth.archive;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The header of one member of a tar archive.
 *
 * @param kind what it is
 * @param name as written, not cleaned; bytes that are not UTF-8 as {@code KernelStrings} has them
 * @param linkName for links: where to; else empty
 * @param mode the twelve permission bits
 * @param userId the owner
 * @param groupId the group
 * @param sizeBytes the length of the file, holes included; 0 for what has no content
 * @param modified last change
 * @param deviceMajor for device nodes
 * @param deviceMinor for device nodes
 * @param xattrs extended attributes, values as they are
 * @param regions where the content that follows lies in the file; one region for an ordinary file
 */
public record TarEntry(
    Kind kind,
    String name,
    String linkName,
    int mode,
    int userId,
    int groupId,
    long sizeBytes,
    Instant modified,
    int deviceMajor,
    int deviceMinor,
    Map<String, byte[]> xattrs,
    List<Region> regions) {

  /** What a member is. */
  public enum Kind {
    /** A regular file. */
    FILE,
    /** One more name of an earlier file. */
    HARD_LINK,
    /** A symbolic link. */
    SYMBOLIC_LINK,
    /** A character device. */
    CHARACTER_DEVICE,
    /** A block device. */
    BLOCK_DEVICE,
    /** A directory. */
    DIRECTORY,
    /** A named pipe. */
    FIFO
  }

  /**
   * A run of content.
   *
   * @param offset in the file
   * @param length in bytes
   */
  public record Region(long offset, long length) {}
}
