package dev.berth.network;

import dev.berth.core.Event;
import dev.berth.core.EventSink;
import java.time.InstantSource;
import java.util.Map;

/** Tells what happened to networks, with Docker's attributes. */
final class NetworkEvents {
  private final EventSink sink;
  private final InstantSource clock;

  NetworkEvents(EventSink sink, InstantSource clock) {
    this.sink = sink;
    this.clock = clock;
  }

  /** {@code create} or {@code destroy}. */
  void network(String action, NetworkRecord network) {
    publish(action, network.id(), Map.of("name", network.name(), "type", network.driver()));
  }

  /** {@code connect} or {@code disconnect}. */
  void endpoint(String action, NetworkRecord network, String containerId) {
    publish(
        action,
        network.id(),
        Map.of("name", network.name(), "type", network.driver(), "container", containerId));
  }

  /** Networks were pruned. */
  void prune() {
    publish("prune", "", Map.of("reclaimed", "0"));
  }

  private void publish(String action, String id, Map<String, String> attributes) {
    sink.publish(new Event(Event.Type.NETWORK, action, id, attributes, clock.instant()));
  }
}
