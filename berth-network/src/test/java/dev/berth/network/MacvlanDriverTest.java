package dev.berth.network;

import dev.berth.network.driver.macvlan.MacvlanDriver;
import dev.berth.testing.SeededRandom;
import java.util.Map;

class MacvlanDriverTest extends NetworkDriverContract {
  private final NetworkDriver driver = new MacvlanDriver(kernel, SeededRandom.create());

  @Override
  NetworkDriver driver() {
    return driver;
  }

  @Override
  Map<String, String> options() {
    return Map.of("macvlan_mode", "bridge");
  }
}
