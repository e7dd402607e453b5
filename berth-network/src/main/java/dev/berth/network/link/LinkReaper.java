package dev.berth.network.link;

import dev.berth.linux.Links;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Namespaces;
import dev.berth.linux.NetlinkRequest;
import dev.berth.linux.RouteSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Deletes links and unpins namespaces off the callers' path. The kernel takes 20 to 40 ms for a
 * bridge and lets nobody change any link meanwhile, so bridges go when nobody has been at work for
 * a moment. Whoever needs a name or path again has it removed at once and waits until it is gone.
 */
final class LinkReaper implements AutoCloseable {
  /** How long nobody has to be at work. */
  static final Duration QUIET = Duration.ofMillis(200);

  /** How long a bridge waits at most. */
  static final Duration LONGEST = Duration.ofSeconds(3);

  private static final System.Logger LOG = System.getLogger(LinkReaper.class.getName());
  private static final long CLOSE_SECONDS = 10;
  private static final int MOST_WAITING = 64;

  /** Something on its way out; links have an index. */
  private record Going(
      Object key, int index, long since, Runnable work, CompletableFuture<Void> gone) {}

  private final RouteSocket routes;
  private final Thread thread =
      Thread.ofPlatform().name("berth-link-reaper").daemon().unstarted(this::run);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Object, Going> going = new HashMap<>();
  private final Deque<Going> urgent = new ArrayDeque<>();
  private final Deque<Going> bridges = new ArrayDeque<>();
  private long lastUse = System.nanoTime() - QUIET.toNanos();
  private boolean closing;

  LinkReaper(RouteSocket routes) {
    this.routes = routes;
  }

  /** Starts its thread now: it stays in the namespaces of whoever starts it. */
  void start() {
    thread.start();
  }

  /** Somebody changes links: what waits does not get in the way. */
  void hold() {
    locked(() -> lastUse = System.nanoTime());
  }

  /** Deletes a link: a bridge when nobody is at work, any other at once. */
  void delete(String name, int index, boolean bridge) {
    add(bridge ? bridges : urgent, name, index, () -> deleteNow(name, index));
  }

  private void deleteNow(String name, int index) {
    for (LinuxException failure : routes.outcomes(List.<NetlinkRequest>of(Links.delete(index)))) {
      if (failure != null) {
        LOG.log(System.Logger.Level.WARNING, "deleting link {0}: {1}", name, failure);
      }
    }
  }

  /** Unpins a namespace soon. */
  void unpin(Path path) {
    add(urgent, path, 0, () -> Namespaces.remove(path));
  }

  private void add(Deque<Going> queue, Object key, int index, Runnable work) {
    Going entry = new Going(key, index, System.nanoTime(), work, new CompletableFuture<>());
    locked(() -> {
      going.put(key, entry);
      queue.add(entry);
      changed.signal();
    });
  }

  private void run() {
    for (Going next = next(); next != null; next = next()) {
      try {
        next.work.run();
      } catch (RuntimeException failure) {
        LOG.log(System.Logger.Level.WARNING, "removing " + next.key, failure);
      } finally {
        end(next);
      }
    }
  }

  private void end(Going done) {
    locked(() -> going.remove(done.key, done));
    done.gone.complete(null);
  }

  /** Waits for what is due; null when all is done and nothing will come. */
  private @Nullable Going next() {
    lock.lock();
    try {
      while (true) {
        if (!urgent.isEmpty()) {
          return urgent.poll();
        }
        if (bridges.isEmpty() && closing) {
          return null;
        }
        long delay = bridges.isEmpty() ? Long.MAX_VALUE : delayNanos(bridges.getFirst());
        if (delay <= 0) {
          return bridges.poll();
        }
        changed.awaitNanos(delay);
      }
    } catch (InterruptedException interrupted) {
      return null;
    } finally {
      lock.unlock();
    }
  }

  private long delayNanos(Going first) {
    if (closing || bridges.size() > MOST_WAITING) {
      return 0;
    }
    long now = System.nanoTime();
    return Math.min(lastUse + QUIET.toNanos() - now, first.since + LONGEST.toNanos() - now);
  }

  /** Waits until the link or path is gone, if it is going. */
  void await(Object key) {
    List<Going> found = new ArrayList<>();
    locked(() -> {
      Going entry = going.get(key);
      if (entry != null) {
        found.add(entry);
        if (bridges.remove(entry)) {
          urgent.addFirst(entry);
          changed.signal();
        }
      }
    });
    found.forEach(entry -> entry.gone.join());
  }

  /** The numbers of the links that are going. */
  List<Integer> indexes() {
    lock.lock();
    try {
      return going.values().stream().map(Going::index).toList();
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  /** Does what waits, at once. */
  @Override
  public void close() {
    locked(() -> {
      closing = true;
      changed.signal();
    });
    try {
      if (!thread.join(Duration.ofSeconds(CLOSE_SECONDS))) {
        LOG.log(System.Logger.Level.WARNING, "links are still being deleted");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    routes.close();
  }
}
