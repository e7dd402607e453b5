package dev.berth.volume;

import dev.berth.plugin.Plugins;
import dev.berth.volume.driver.remote.RemoteDrivers;

/**
 * Volumes of plugins beside the engine. Plugins are looked for at each use and greeted at their
 * first; none is asked at the start of the engine, and none that hangs holds up anything but its
 * own volumes.
 *
 * @see <a href="https://docs.docker.com/engine/extend/plugins_volume/">volume plugins</a>
 */
public final class VolumePlugins {
  private VolumePlugins() {}

  /**
   * A local driver and whatever plugins there are.
   *
   * @param local {@link LocalVolumes#driver()}
   * @param plugins those beside the engine
   */
  public static VolumeDrivers beside(VolumeDriver local, Plugins plugins) {
    return new RemoteDrivers(local, plugins);
  }
}
