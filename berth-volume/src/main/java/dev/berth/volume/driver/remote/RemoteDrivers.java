package dev.berth.volume.driver.remote;

import dev.berth.plugin.Plugin;
import dev.berth.plugin.Plugins;
import dev.berth.volume.VolumeDriver;
import dev.berth.volume.VolumeDrivers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The local driver and every plugin that can be found. */
public final class RemoteDrivers implements VolumeDrivers {
  private final VolumeDriver local;
  private final Plugins plugins;
  private final Map<String, RemoteDriver> known = new ConcurrentHashMap<>();

  /**
   * @param local the driver without a plugin; no plugin can take its name
   * @param plugins those beside the engine
   */
  public RemoteDrivers(VolumeDriver local, Plugins plugins) {
    this.local = local;
    this.plugins = plugins;
  }

  @Override
  public VolumeDriver driver(String name) {
    if (name.equals(local.name())) {
      return local;
    }
    return plugins
        .find(RemoteDriver.INTERFACE, name)
        .map(this::remote)
        .orElseThrow(() -> VolumeDrivers.notFound(name));
  }

  /** One driver object as long as the plugin stays, so that its capabilities are asked once. */
  private VolumeDriver remote(Plugin plugin) {
    return known.compute(
        plugin.name(),
        (name, former) ->
            former != null && former.isOf(plugin) ? former : new RemoteDriver(plugin));
  }

  @Override
  public List<VolumeDriver> all() {
    List<VolumeDriver> drivers = new ArrayList<>();
    drivers.add(local);
    plugins.candidates(RemoteDriver.INTERFACE).forEach(plugin -> drivers.add(remote(plugin)));
    return drivers;
  }

  /** Plugins count once they have said that they hold volumes, and as long as they are there. */
  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>(plugins.names(RemoteDriver.INTERFACE));
    names.add(local.name());
    names.sort(null);
    return names;
  }
}
