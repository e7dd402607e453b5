package dev.berth.volume.driver.remote;

import dev.berth.core.EngineException;
import dev.berth.volume.VolumeDriver;
import dev.berth.volume.VolumeDrivers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The local driver and every plugin that can be found. */
public final class RemoteDrivers implements VolumeDrivers {
  private static final System.Logger LOG = System.getLogger(RemoteDrivers.class.getName());

  private final VolumeDriver local;
  private final PluginDirectory directory;
  private final RemoteDriver.Patience patience;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private record Known(PluginAddress address, RemoteDriver driver) {}

  RemoteDrivers(VolumeDriver local, PluginDirectory directory, RemoteDriver.Patience patience) {
    this.local = local;
    this.directory = directory;
    this.patience = patience;
  }

  /**
   * Looks for plugins in folders.
   *
   * @param local the driver without a plugin; no plugin can take its name
   * @param sockets folders with sockets
   * @param specifications folders with .spec and .json files
   */
  public static RemoteDrivers of(
      VolumeDriver local, List<Path> sockets, List<Path> specifications) {
    return new RemoteDrivers(
        local, new PluginDirectory(sockets, specifications), RemoteDriver.Patience.DEFAULT);
  }

  @Override
  public VolumeDriver driver(String name) {
    if (name.equals(local.name())) {
      return local;
    }
    Optional<PluginAddress> address = directory.find(name);
    if (address.isEmpty()) {
      known.remove(name);
      throw VolumeDrivers.notFound(name);
    }
    return remote(name, address.get());
  }

  /** One driver object as long as the address stays, so that a plugin is greeted once. */
  private VolumeDriver remote(String name, PluginAddress address) {
    return known
        .compute(
            name,
            (key, former) ->
                former != null && former.address().equals(address)
                    ? former
                    : new Known(
                        address, new RemoteDriver(name, new PluginClient(name, address), patience)))
        .driver();
  }

  @Override
  public List<VolumeDriver> all() {
    List<VolumeDriver> drivers = new ArrayList<>();
    drivers.add(local);
    for (String name : directory.names()) {
      try {
        directory.find(name).ifPresent(address -> drivers.add(remote(name, address)));
      } catch (EngineException e) {
        LOG.log(System.Logger.Level.DEBUG, "plugin " + name + ": " + e.text(), e);
      }
    }
    return drivers;
  }

  /** Plugins count once they have said that they hold volumes, and as long as they are there. */
  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>();
    names.add(local.name());
    known.forEach((name, plugin) -> {
      if (plugin.driver().isActivated() && directory.find(name).isPresent()) {
        names.add(name);
      }
    });
    names.sort(null);
    return names;
  }
}
