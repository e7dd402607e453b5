package dev.berth.network;

import dev.berth.core.EngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Gives back, after a start of the engine, what plugins still hold and nothing here uses: what a
 * crash cut short, and what belonged to containers that have ended since. Each holder has a thread
 * of its own, so that one that hangs holds up nobody; one that is absent is asked again for a
 * while, and once more at the next start.
 */
final class Returns implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Returns.class.getName());
  private static final int ATTEMPTS = 10;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private final Holdings holdings;
  private final NetworkDrivers drivers;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  Returns(Holdings holdings, NetworkDrivers drivers) {
    this.holdings = holdings;
    this.drivers = drivers;
  }

  /**
   * Begins to give back all that is not in use now; to be called before anything else is asked for.
   *
   * @param registry the networks there are
   * @param endpoints the endpoints of running containers
   */
  void start(NetworkRegistry registry, List<Endpoint> endpoints) {
    Set<String> used =
        endpoints.stream().map(endpoint -> endpoint.status().id()).collect(Collectors.toSet());
    Map<String, List<Holding>> idle =
        holdings.all().stream()
            .filter(holding -> !isUsed(holding, registry, used))
            .sorted(Comparator.comparing(Holding::kind))
            .collect(Collectors.groupingBy(Holding::holder));
    idle.forEach(this::start);
  }

  private static boolean isUsed(Holding holding, NetworkRegistry registry, Set<String> endpoints) {
    return holding.kind() == Holding.Kind.ENDPOINT
        ? endpoints.contains(holding.id())
        : registry.byId(holding.networkId()).isPresent();
  }

  private void start(String holder, List<Holding> idle) {
    Thread thread =
        Thread.ofVirtual().name("give-back-" + holder).unstarted(() -> giveBack(holder, idle));
    threads.add(thread);
    thread.start();
  }

  private void giveBack(String holder, List<Holding> idle) {
    List<Holding> left = new ArrayList<>(idle);
    Duration pause = FIRST_PAUSE;
    try {
      for (int attempt = 0; attempt < ATTEMPTS && !left.isEmpty(); attempt++) {
        if (attempt > 0) {
          Thread.sleep(pause);
          pause = pause.multipliedBy(2);
        }
        left.removeIf(this::isGivenBack);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    } finally {
      threads.remove(Thread.currentThread());
    }
    if (!left.isEmpty()) {
      LOG.log(System.Logger.Level.WARNING, "{0} still holds {1} things", holder, left.size());
    }
  }

  private boolean isGivenBack(Holding holding) {
    try {
      if (drivers.known(holding.holder()) instanceof OutsideDriver driver) {
        driver.giveBack(holding);
      }
      return true;
    } catch (EngineException failure) {
      LOG.log(System.Logger.Level.DEBUG, "giving back " + holding, failure);
      return Thread.currentThread().isInterrupted();
    }
  }

  /** What is under way is left to the next start. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
