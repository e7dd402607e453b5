package dev.berth.volume;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a volume takes and does at a moment.
 *
 * @param volume the volume
 * @param sizeBytes the length of all its files, -1 where it cannot be told without mounting it
 * @param inodes how many files and folders it has, -1 likewise
 * @param users the ids of the containers that refer to it
 * @param device what its own block device has done since it was attached; null where it has none
 */
public record VolumeReading(
    Volume volume,
    long sizeBytes,
    long inodes,
    Set<String> users,
    @Nullable DeviceActivity device) {

  /** Copies the set. */
  public VolumeReading {
    users = Set.copyOf(users);
  }

  /**
   * What a block device has done.
   *
   * @param readBytes from it
   * @param writtenBytes to it
   */
  public record DeviceActivity(long readBytes, long writtenBytes) {}
}
