package dev.berth.volume;

import dev.berth.volume.driver.remote.RemoteDrivers;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds volume plugins beside the engine, by Docker's plugin protocol: sockets in one set of
 * folders, {@code .spec} and {@code .json} files in another. Plugins are looked for at each use and
 * greeted at their first; none is asked at the start of the engine, and none that hangs holds up
 * anything but its own volumes.
 *
 * @see <a href="https://docs.docker.com/engine/extend/plugin_api/">plugin protocol</a>
 */
public final class VolumePlugins {
  /** Where Docker looks for sockets. */
  public static final List<Path> SOCKETS = List.of(Path.of("/run/docker/plugins"));

  /** Where Docker looks for descriptions. */
  public static final List<Path> SPECIFICATIONS =
      List.of(Path.of("/etc/docker/plugins"), Path.of("/usr/lib/docker/plugins"));

  private VolumePlugins() {}

  /**
   * A local driver and whatever plugins there are.
   *
   * @param local {@link LocalVolumes#driver()}
   * @param sockets folders with sockets
   * @param specifications folders with descriptions
   */
  public static VolumeDrivers beside(
      VolumeDriver local, List<Path> sockets, List<Path> specifications) {
    return RemoteDrivers.of(local, sockets, specifications);
  }
}
