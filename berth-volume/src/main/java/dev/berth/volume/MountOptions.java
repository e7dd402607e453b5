package dev.berth.volume;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything about mounts in a request to create a container.
 *
 * @param binds {@code source:destination[:mode]}
 * @param mounts the long form
 * @param tmpfs mount options by destination
 * @param volumesFrom {@code container[:mode]}
 * @param volumes destinations of anonymous volumes, the user's and the image's
 * @param volumeDriver for volumes of binds and for anonymous ones; empty for local
 */
public record MountOptions(
    List<String> binds,
    List<MountRequest> mounts,
    Map<String, String> tmpfs,
    List<String> volumesFrom,
    Set<String> volumes,
    String volumeDriver) {

  /** Copies; null, as JSON has it, is empty. */
  public MountOptions(
      @Nullable List<String> binds,
      @Nullable List<MountRequest> mounts,
      @Nullable Map<String, String> tmpfs,
      @Nullable List<String> volumesFrom,
      @Nullable Set<String> volumes,
      String volumeDriver) {
    this.binds = binds == null ? List.of() : List.copyOf(binds);
    this.mounts = mounts == null ? List.of() : List.copyOf(mounts);
    this.tmpfs = tmpfs == null ? Map.of() : Map.copyOf(tmpfs);
    this.volumesFrom = volumesFrom == null ? List.of() : List.copyOf(volumesFrom);
    this.volumes = volumes == null ? Set.of() : Set.copyOf(volumes);
    this.volumeDriver = volumeDriver;
  }
}
