package dev.berth.network;

import dev.berth.network.driver.bridge.BridgeDriver;
import dev.berth.testing.SeededRandom;
import java.util.Map;

class BridgeDriverTest extends NetworkDriverContract {
  private final NetworkDriver driver = new BridgeDriver(kernel, SeededRandom.create());

  @Override
  NetworkDriver driver() {
    return driver;
  }

  @Override
  Map<String, String> options() {
    return Map.of("com.docker.network.bridge.enable_icc", "false");
  }
}
