package dev.berth.core;

/**
 * Where features tell what happened. They call it after the commit that made it so, outside every
 * lock. Implementations return at once and never throw.
 */
@FunctionalInterface
public interface EventSink {
  /** Tells of one event. */
  void publish(Event event);
}
