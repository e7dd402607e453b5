package dev.berth.network;

import dev.berth.network.driver.none.EmptyDriver;
import java.util.Map;

class EmptyDriverTest extends NetworkDriverContract {
  private final NetworkDriver driver = new EmptyDriver("null");

  @Override
  NetworkDriver driver() {
    return driver;
  }

  @Override
  Map<String, String> options() {
    return Map.of();
  }
}
