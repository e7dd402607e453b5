package dev.berth.volume;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One mount as a user asks for it: an element of {@code HostConfig.Mounts}, or what a {@code Binds}
 * string means.
 *
 * @param type bind, volume, tmpfs or image; any other word is refused
 * @param source a path, a volume's name or an image; empty for an anonymous volume
 * @param target where in the container
 * @param readOnly whether it is mounted read-only
 * @param consistency accepted and without meaning on Linux
 * @param bind only for bind
 * @param volume only for volume
 * @param tmpfs only for tmpfs
 * @param image only for image
 */
public record MountRequest(
    String type,
    String source,
    String target,
    boolean readOnly,
    String consistency,
    @Nullable BindOptions bind,
    @Nullable VolumeOptions volume,
    @Nullable TmpfsOptions tmpfs,
    @Nullable ImageOptions image) {

  /** The same with another source. */
  public MountRequest withSource(String other) {
    return new MountRequest(type, other, target, readOnly, consistency, bind, volume, tmpfs, image);
  }

  /**
   * Options of a bind.
   *
   * @param propagation private, rprivate, slave, rslave, shared, rshared; empty for rprivate
   * @param nonRecursive whether mounts below the source are left out
   * @param createMountpoint whether a missing source is made as a directory
   * @param readOnlyNonRecursive read-only, but mounts below stay as they are
   * @param readOnlyForceRecursive fail where the kernel cannot make mounts below read-only
   */
  public record BindOptions(
      String propagation,
      boolean nonRecursive,
      boolean createMountpoint,
      boolean readOnlyNonRecursive,
      boolean readOnlyForceRecursive) {
    /** Only a propagation. */
    static BindOptions ofPropagation(String propagation) {
      return new BindOptions(propagation, false, false, false, false);
    }
  }

  /**
   * Options of a volume.
   *
   * @param noCopy whether an empty volume stays empty
   * @param labels of a new volume
   * @param driver of a new volume
   * @param subpath what of the volume is mounted; empty for all of it
   */
  public record VolumeOptions(
      boolean noCopy,
      @Nullable Map<String, String> labels,
      @Nullable DriverChoice driver,
      String subpath) {}

  /**
   * A volume driver and its options.
   *
   * @param name empty for local
   * @param options for a new volume
   */
  public record DriverChoice(String name, @Nullable Map<String, String> options) {}

  /**
   * Options of a tmpfs.
   *
   * @param sizeBytes 0 for no limit
   * @param mode 0 for the kernel's default, 01777
   * @param options each a name, or a name and a value
   */
  public record TmpfsOptions(long sizeBytes, int mode, @Nullable List<List<String>> options) {}

  /**
   * Options of an image.
   *
   * @param subpath what of the image is mounted; empty for all of it
   */
  public record ImageOptions(String subpath) {}
}
