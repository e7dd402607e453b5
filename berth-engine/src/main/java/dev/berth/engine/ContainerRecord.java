package dev.berth.engine;

import dev.berth.volume.MountPoint;
import java.time.Instant;
import java.util.List;

/**
 * What the store keeps of a container that seldom changes. Its state is kept apart, in a {@link
 * ContainerStatus}.
 *
 * @param id 64 hexadecimal digits
 * @param name without the leading slash
 * @param created when
 * @param imageId the digest of the image's configuration
 * @param asked what the user sent, never edited
 * @param effective the same joined with the image and the engine's defaults; update changes its
 *     resources and restart policy
 * @param mounts the mount points, resolved when it was created
 * @param platform such as {@code linux}
 * @param storageDriver such as {@code overlay2}
 */
public record ContainerRecord(
    String id,
    String name,
    Instant created,
    String imageId,
    ContainerSpec asked,
    ContainerSpec effective,
    List<MountPoint> mounts,
    String platform,
    String storageDriver) {

  /** The same under another name. */
  ContainerRecord withName(String other) {
    return new ContainerRecord(
        id, other, created, imageId, asked, effective, mounts, platform, storageDriver);
  }

  /** The same with other mount points. */
  ContainerRecord withMounts(List<MountPoint> others) {
    return new ContainerRecord(
        id, name, created, imageId, asked, effective, others, platform, storageDriver);
  }

  /** The same with another effective spec. */
  ContainerRecord withEffective(ContainerSpec other) {
    return new ContainerRecord(
        id, name, created, imageId, asked, other, mounts, platform, storageDriver);
  }
}
