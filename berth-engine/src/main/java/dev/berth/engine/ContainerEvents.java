package dev.berth.engine;

import dev.berth.core.Event;
import dev.berth.core.EventSink;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells what happened to containers, with the attributes Docker gives. A container's own events are
 * told in the order of its life, for which some are told before its lock is let go: the journal
 * takes them at once and calls nobody back.
 */
final class ContainerEvents {
  private final EventSink sink;
  private final InstantSource clock;

  ContainerEvents(EventSink sink, InstantSource clock) {
    this.sink = sink;
    this.clock = clock;
  }

  void tell(LiveContainer container, String action) {
    tell(container, action, Map.of());
  }

  void tell(LiveContainer container, String action, Map<String, String> further) {
    ContainerConfig config = container.spec().config();
    Map<String, String> attributes = new LinkedHashMap<>();
    if (config.identity().labels() != null) {
      attributes.putAll(config.identity().labels());
    }
    attributes.put("image", config.image());
    attributes.put("name", container.name());
    attributes.putAll(further);
    sink.publish(
        new Event(Event.Type.CONTAINER, action, container.id(), attributes, clock.instant()));
  }

  void pruned(long reclaimedBytes) {
    sink.publish(
        new Event(
            Event.Type.CONTAINER,
            "prune",
            "",
            Map.of("reclaimed", Long.toString(reclaimedBytes)),
            clock.instant()));
  }
}
