package dev.berth.testing;

import dev.berth.core.Event;
import dev.berth.core.EventSink;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the events it is told of, in order; safe for use by several threads. */
public final class EventRecorder implements EventSink {
  private final List<Event> events = new CopyOnWriteArrayList<>();

  /** Nothing recorded yet. */
  public EventRecorder() {}

  @Override
  public void publish(Event event) {
    events.add(event);
  }

  /** What was told so far. */
  public List<Event> events() {
    return List.copyOf(events);
  }

  /** Type and action of what was told so far, for instance {@code network create}. */
  public List<String> words() {
    return events.stream()
        .map(event -> event.type().name().toLowerCase(Locale.ROOT) + " " + event.action())
        .toList();
  }

  /** Forgets all. */
  public void clear() {
    events.clear();
  }
}
