package dev.berth.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands each commit to the listeners of that moment, in order, on one thread. The queue is bounded:
 * a writer that finds it full waits for the listeners, which is better than a gap or an endless
 * queue. A listener that itself writes never waits, for it would wait for itself.
 */
final class Watchers implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Watchers.class.getName());
  private static final int CAPACITY = 4096;
  private static final long PATIENCE_SECONDS = 30;

  private record Delivery(Commit commit, List<Subscription> subscriptions) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Delivery> queue = new ArrayDeque<>();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private @Nullable Thread dispatcher;
  private boolean closed;

  Store.Watch add(Consumer<Commit> listener) {
    lock.lock();
    try {
      Subscription subscription = new Subscription(listener);
      subscriptions.add(subscription);
      if (dispatcher == null) {
        dispatcher = Thread.ofVirtual().name("store-watch").start(this::dispatch);
      }
      return subscription;
    } finally {
      lock.unlock();
    }
  }

  /** Waits, before a write begins, until the listeners have caught up enough. */
  void awaitRoom() {
    lock.lock();
    try {
      long patience = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (queue.size() >= CAPACITY
          && !Thread.currentThread().equals(dispatcher)
          && patience > 0) {
        patience = changed.awaitNanos(patience);
      }
      if (patience <= 0) {
        LOG.log(System.Logger.Level.WARNING, "a listener of the state store does not return");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Queues a commit for the listeners of now; called in commit order. */
  void publish(Commit commit) {
    lock.lock();
    try {
      if (!subscriptions.isEmpty()) {
        queue.add(new Delivery(commit, List.copyOf(subscriptions)));
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void dispatch() {
    for (Delivery next = take(); next != null; next = take()) {
      for (Subscription subscription : next.subscriptions()) {
        subscription.deliver(next.commit());
      }
    }
  }

  private @Nullable Delivery take() {
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        changed.await();
      }
      changed.signalAll();
      return queue.poll();
    } catch (InterruptedException e) {
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Lets the listeners see what is queued, then ends their thread. */
  @Override
  public void close() {
    Thread running;
    lock.lock();
    try {
      closed = true;
      running = dispatcher;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (running != null && !running.equals(Thread.currentThread())) {
      join(running);
    }
  }

  private static void join(Thread running) {
    try {
      if (!running.join(Duration.ofSeconds(PATIENCE_SECONDS))) {
        LOG.log(System.Logger.Level.WARNING, "a listener of the state store does not return");
        running.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Subscription implements Store.Watch {
    private final Consumer<Commit> listener;
    private volatile boolean ended;

    Subscription(Consumer<Commit> listener) {
      this.listener = listener;
    }

    void deliver(Commit commit) {
      if (ended) {
        return;
      }
      try {
        listener.accept(commit);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a listener of the state store failed", e);
      }
    }

    @Override
    public void close() {
      ended = true;
      lock.lock();
      try {
        subscriptions.remove(this);
      } finally {
        lock.unlock();
      }
    }
  }
}
