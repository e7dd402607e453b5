package dev.berth.network;

import dev.berth.network.driver.ipvlan.IpvlanDriver;
import java.util.Map;

class IpvlanDriverTest extends NetworkDriverContract {
  private final NetworkDriver driver = new IpvlanDriver(kernel);

  @Override
  NetworkDriver driver() {
    return driver;
  }

  @Override
  Map<String, String> options() {
    return Map.of("ipvlan_mode", "l3");
  }
}
