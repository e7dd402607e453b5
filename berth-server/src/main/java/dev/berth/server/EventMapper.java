package dev.berth.server;

import dev.berth.api.EventMessage;
import dev.berth.core.Event;
import java.time.Instant;
import java.util.Locale;

/** Events as lines of JSON. */
final class EventMapper {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private EventMapper() {}

  static EventMessage json(Event event) {
    boolean container = event.type() == Event.Type.CONTAINER;
    boolean legacy = container || event.type() == Event.Type.IMAGE;
    Instant time = event.time();
    return new EventMessage(
        legacy ? event.action() : "",
        legacy ? event.actorId() : "",
        container ? event.attributes().getOrDefault("image", "") : "",
        event.type().name().toLowerCase(Locale.ROOT),
        event.action(),
        new EventMessage.Actor(event.actorId(), event.attributes()),
        "local",
        time.getEpochSecond(),
        Math.addExact(Math.multiplyExact(time.getEpochSecond(), NANOS_PER_SECOND), time.getNano()));
  }
}
