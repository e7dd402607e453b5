package dev.berth.engine;

import dev.berth.core.Event;
import dev.berth.core.EventSink;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Remembers the last events and hands new ones to subscribers. Safe for use by any thread. */
public final class EventJournal implements EventSink {
  private static final int REMEMBERED = 1024;
  private static final int QUEUED = 4096;

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Event> past = new ArrayDeque<>();
  private final List<Queue> subscribers = new ArrayList<>();
  private long published;

  /**
   * @param clock decides when a subscription's until has passed
   */
  public EventJournal(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void publish(Event event) {
    lock.lock();
    try {
      published++;
      past.addLast(event);
      if (past.size() > REMEMBERED) {
        past.removeFirst();
      }
      subscribers.forEach(subscriber -> subscriber.offer(event));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Subscribes without a gap: first what is remembered since a time, then what happens.
   *
   * @param filters keys: type, event, action, container, image, network, volume, plugin, label,
   *     daemon, scope
   * @param since replay from here, or null for only new ones; with an until alone, everything that
   *     is remembered
   * @param until end there, or null
   */
  public Subscription subscribe(Filters filters, @Nullable Instant since, @Nullable Instant until) {
    EventFilter filter = new EventFilter(filters);
    Queue queue = new Queue(filter, since, until);
    lock.lock();
    try {
      if (since != null) {
        past.forEach(queue::offer);
      }
      subscribers.add(queue);
      return queue;
    } finally {
      lock.unlock();
    }
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

  /**
   * How much there was to tell.
   *
   * @param published events so far
   * @param subscribers at present
   */
  public record Figures(long published, int subscribers) {}

  /** How much there was to tell. */
  public Figures figures() {
    lock.lock();
    try {
      return new Figures(published, subscribers.size());
    } finally {
      lock.unlock();
    }
  }

  /** What is remembered and matches, oldest first. */
  public List<Event> remembered(Filters filters) {
    EventFilter filter = new EventFilter(filters);
    lock.lock();
    try {
      return past.stream().filter(filter).toList();
    } finally {
      lock.unlock();
    }
  }

  private final class Queue implements Subscription {
    private final EventFilter filter;
    private final @Nullable Instant since;
    private final @Nullable Instant until;
    private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(QUEUED);
    private volatile boolean overrun;

    Queue(EventFilter filter, @Nullable Instant since, @Nullable Instant until) {
      this.filter = filter;
      this.since = since;
      this.until = until;
    }

    void offer(Event event) {
      boolean wanted =
          (since == null || !event.time().isBefore(since))
              && (until == null || !event.time().isAfter(until))
              && filter.test(event);
      if (wanted && !waiting.offer(event)) {
        overrun = true;
      }
    }

    @Override
    public @Nullable Event next(Duration atMost) throws InterruptedException {
      return waiting.poll(beforeUntil(atMost).toNanos(), TimeUnit.NANOSECONDS);
    }

    private Duration beforeUntil(Duration atMost) {
      if (until == null) {
        return atMost;
      }
      Duration left = Duration.between(clock.instant(), until);
      return left.isNegative() ? Duration.ZERO : left.compareTo(atMost) < 0 ? left : atMost;
    }

    @Override
    public boolean ended() {
      boolean over = until != null && clock.instant().isAfter(until);
      return waiting.isEmpty() && (overrun || over);
    }

    @Override
    public void close() {
      lock.lock();
      try {
        subscribers.remove(this);
      } finally {
        lock.unlock();
      }
    }
  }
}
