package dev.berth.network.link;

import dev.berth.linux.Links;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Namespaces;
import dev.berth.linux.NetlinkRequest;
import dev.berth.linux.RouteSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Deletes links and unpins namespaces off the callers' path: the kernel takes 20 to 40 ms for a
 * bridge. Whoever needs a name or path again waits until it is gone.
 */
final class LinkReaper implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LinkReaper.class.getName());
  private static final long CLOSE_SECONDS = 10;

  private record Going(int index, CompletableFuture<Void> gone) {}

  private final RouteSocket routes;
  private final Map<Object, Going> going = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().name("berth-link-reaper").daemon().factory());

  LinkReaper(RouteSocket routes) {
    this.routes = routes;
  }

  /** Starts its thread now: it stays in the namespaces of whoever starts it. */
  void start() {
    worker.prestartCoreThread();
  }

  /** Deletes a link soon. */
  void delete(String name, int index) {
    run(
        name,
        index,
        () -> {
          for (LinuxException failure :
              routes.outcomes(List.<NetlinkRequest>of(Links.delete(index)))) {
            if (failure != null) {
              LOG.log(System.Logger.Level.WARNING, "deleting link {0}: {1}", name, failure);
            }
          }
        });
  }

  /** Unpins a namespace soon. */
  void unpin(Path path) {
    run(path, 0, () -> Namespaces.remove(path));
  }

  private void run(Object key, int index, Runnable work) {
    Going entry = new Going(index, new CompletableFuture<>());
    going.put(key, entry);
    worker.execute(() -> {
      try {
        work.run();
      } catch (RuntimeException failure) {
        LOG.log(System.Logger.Level.WARNING, "removing " + key, failure);
      } finally {
        going.remove(key, entry);
        entry.gone().complete(null);
      }
    });
  }

  /** Waits until the link or path is gone, if it is going. */
  void await(Object key) {
    Going entry = going.get(key);
    if (entry != null) {
      entry.gone().join();
    }
  }

  /** The numbers of the links that are going. */
  List<Integer> indexes() {
    return going.values().stream().map(Going::index).toList();
  }

  /** Waits for what is under way. */
  @Override
  public void close() {
    worker.shutdown();
    try {
      if (!worker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(System.Logger.Level.WARNING, "links are still being deleted");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    routes.close();
  }
}
