package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.network.driver.bridge.BridgeDriver;
import dev.berth.network.driver.cni.CniDriver;
import dev.berth.network.driver.ipvlan.IpvlanDriver;
import dev.berth.network.driver.macvlan.MacvlanDriver;
import dev.berth.network.driver.none.EmptyDriver;
import dev.berth.network.driver.remote.RemoteNetworkDriver;
import dev.berth.network.link.LinkKernel;
import dev.berth.plugin.Plugins;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** The kinds of networks by name: those that come with the engine, and those of plugins. */
final class NetworkDrivers {
  private final Map<String, NetworkDriver> drivers = new LinkedHashMap<>();
  private final Map<String, NetworkDriver> remote = new ConcurrentHashMap<>();
  private final Plugins plugins;
  private final Holdings holdings;

  NetworkDrivers(List<NetworkDriver> drivers, Plugins plugins, Holdings holdings) {
    drivers.forEach(driver -> this.drivers.put(driver.name(), driver));
    this.plugins = plugins;
    this.holdings = holdings;
  }

  /** Those that come with the engine, and plugins beside it. */
  static NetworkDrivers of(
      LinkKernel kernel, RandomGenerator random, Plugins plugins, Holdings holdings) {
    return new NetworkDrivers(
        List.of(
            new BridgeDriver(kernel, random),
            new CniDriver(CniPaths.STANDARD, holdings),
            new EmptyDriver("host"),
            new IpvlanDriver(kernel),
            new MacvlanDriver(kernel, random),
            new EmptyDriver("null")),
        plugins,
        holdings);
  }

  /** The names of those that are known at present; asks nobody. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(drivers.keySet());
    names.addAll(plugins.names(RemoteNetworkDriver.INTERFACE));
    return names;
  }

  /**
   * A driver for a new network.
   *
   * @throws EngineException NOT_FOUND where nobody goes by the name
   */
  NetworkDriver find(String name) {
    NetworkDriver driver = drivers.get(name);
    if (driver != null) {
      return driver;
    }
    if (plugins.find(RemoteNetworkDriver.INTERFACE, name).isEmpty()) {
      throw EngineException.notFound("plugin \"" + name + "\" not found");
    }
    return known(name);
  }

  /** The driver of a network that exists; its plugin may be absent. */
  NetworkDriver known(String name) {
    NetworkDriver driver = drivers.get(name);
    return driver != null
        ? driver
        : remote.computeIfAbsent(
            name, missing -> new RemoteNetworkDriver(missing, plugins, holdings));
  }
}
