package dev.berth.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is mounted into a container.
 *
 * @param binds {@code source:target[:options]}
 * @param mounts the long form
 * @param tmpfs mount options by target
 * @param volumesFrom {@code container[:mode]}
 * @param volumeDriver of anonymous volumes and of named ones in binds; empty for local
 * @param readonlyRootfs whether the root is read-only
 * @param storageOptions of the storage driver
 * @param shmSizeBytes of /dev/shm; zero for the default
 */
public record StorageOptions(
    @Nullable List<String> binds,
    @Nullable List<MountRequest> mounts,
    @Nullable Map<String, String> tmpfs,
    @Nullable List<String> volumesFrom,
    String volumeDriver,
    boolean readonlyRootfs,
    @Nullable Map<String, String> storageOptions,
    long shmSizeBytes) {

  /**
   * One mount of the long form.
   *
   * @param type {@code bind}, {@code volume}, {@code tmpfs}, {@code image}, …
   * @param source a path, a volume's or an image's name
   * @param target the path in the container
   * @param readOnly whether it is mounted read-only
   * @param consistency only echoed
   * @param bind options of type bind
   * @param volume options of type volume
   * @param tmpfs options of type tmpfs
   * @param image options of type image
   */
  public record MountRequest(
      String type,
      String source,
      String target,
      boolean readOnly,
      String consistency,
      @Nullable BindMount bind,
      @Nullable VolumeMount volume,
      @Nullable TmpfsMount tmpfs,
      @Nullable ImageMount image) {}

  /**
   * Options of a bind mount.
   *
   * @param propagation such as {@code rprivate}; empty for the default
   * @param nonRecursive whether mounts below the source are left out
   * @param createMountpoint whether a missing source is made
   * @param readOnlyNonRecursive whether mounts below it stay writable
   * @param readOnlyForceRecursive whether it fails when they cannot be made read-only
   */
  public record BindMount(
      String propagation,
      boolean nonRecursive,
      boolean createMountpoint,
      boolean readOnlyNonRecursive,
      boolean readOnlyForceRecursive) {}

  /**
   * Options of a volume mount.
   *
   * @param noCopy whether a new volume stays empty
   * @param labels of a new volume
   * @param driver of a new volume
   * @param subpath the directory within the volume
   */
  public record VolumeMount(
      boolean noCopy,
      @Nullable Map<String, String> labels,
      @Nullable VolumeDriverChoice driver,
      String subpath) {}

  /**
   * A volume driver with its options.
   *
   * @param name empty for local
   * @param options null when none were sent
   */
  public record VolumeDriverChoice(String name, @Nullable Map<String, String> options) {}

  /**
   * Options of a tmpfs mount.
   *
   * @param sizeBytes zero for no limit
   * @param mode permission bits; zero for the default
   * @param options each with one or two words
   */
  public record TmpfsMount(long sizeBytes, int mode, @Nullable List<List<String>> options) {}

  /**
   * Options of an image mount.
   *
   * @param subpath the directory within the image
   */
  public record ImageMount(String subpath) {}
}
