package dev.berth.image;

import dev.berth.core.Event;
import dev.berth.core.EventSink;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Tells of what happened to images, with the attributes that Docker gives. */
final class ImageEvents {
  private final EventSink sink;
  private final InstantSource clock;

  ImageEvents(EventSink sink, InstantSource clock) {
    this.sink = sink;
    this.clock = clock;
  }

  /** Something that happened to an image known by its id. */
  void of(String action, Digest id, Map<String, String> labels) {
    named(action, id.toString(), id.toString(), labels);
  }

  /** Something that happened to an image under a name. */
  void named(String action, String actor, String name, Map<String, String> labels) {
    Map<String, String> attributes = new HashMap<>(labels);
    attributes.put("name", name);
    sink.publish(new Event(Event.Type.IMAGE, action, actor, attributes, clock.instant()));
  }

  void pruned(long reclaimedBytes) {
    Map<String, String> attributes = Map.of("reclaimed", Long.toString(reclaimedBytes));
    sink.publish(new Event(Event.Type.IMAGE, "prune", "", attributes, clock.instant()));
  }
}
