package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.network.driver.bridge.BridgeDriver;
import dev.berth.network.driver.ipvlan.IpvlanDriver;
import dev.berth.network.driver.macvlan.MacvlanDriver;
import dev.berth.network.driver.none.EmptyDriver;
import dev.berth.network.link.LinkKernel;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The kinds of networks by name. */
final class NetworkDrivers {
  private final Map<String, NetworkDriver> drivers = new LinkedHashMap<>();

  NetworkDrivers(List<NetworkDriver> drivers) {
    drivers.forEach(driver -> this.drivers.put(driver.name(), driver));
  }

  /** Those that come with the engine. */
  static NetworkDrivers builtIn(LinkKernel kernel, RandomGenerator random) {
    return new NetworkDrivers(
        List.of(
            new BridgeDriver(kernel, random),
            new EmptyDriver("host"),
            new IpvlanDriver(kernel),
            new MacvlanDriver(kernel, random),
            new EmptyDriver("null")));
  }

  /** Their names. */
  Set<String> names() {
    return Collections.unmodifiableSet(drivers.keySet());
  }

  /** A driver by its name. */
  NetworkDriver find(String name) {
    NetworkDriver driver = drivers.get(name);
    if (driver == null) {
      throw EngineException.notFound("plugin \"" + name + "\" not found");
    }
    return driver;
  }
}
