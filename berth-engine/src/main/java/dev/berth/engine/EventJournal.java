package dev.berth.engine;

import dev.berth.core.Event;
import dev.berth.core.EventSink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remembers the last events and hands new ones to subscribers. Safe for use by any thread. */
public final class EventJournal implements EventSink {

  EventJournal() {}

  @Override
  public void publish(Event event) {
    throw new UnsupportedOperationException();
  }

  /**
   * Subscribes without a gap: first what is remembered since a time, then what happens.
   *
   * @param filters keys: type, event, action, container, image, network, volume, plugin, label,
   *     daemon, scope
   * @param since replay from here, or null for only new ones
   * @param until end there, or null
   */
  public Subscription subscribe(Filters filters, @Nullable Instant since, @Nullable Instant until) {
    throw new UnsupportedOperationException();
  }

  /** A subscription; a subscriber that does not read loses it. */
  public interface Subscription extends AutoCloseable {
    /** The next event, or null when the time is over without one. */
    @Nullable Event next(Duration atMost) throws InterruptedException;

    /** Whether no further event will come: until has passed, or the reader was too slow. */
    boolean ended();

    @Override
    void close();
  }

  /** What is remembered and matches, oldest first. */
  public List<Event> remembered(Filters filters) {
    throw new UnsupportedOperationException();
  }
}
