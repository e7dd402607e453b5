package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.ipam.NetworkAddresses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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
  private final AddressManagers managers;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  Returns(Holdings holdings, NetworkDrivers drivers, AddressManagers managers) {
    this.holdings = holdings;
    this.drivers = drivers;
    this.managers = managers;
  }

  /**
   * Begins to give back all that is not in use now; to be called before anything else is asked for.
   *
   * @param registry the networks there are
   * @param endpoints the endpoints of running containers
   */
  void start(NetworkRegistry registry, List<Endpoint> endpoints) {
    Set<String> used = new HashSet<>();
    for (Endpoint endpoint : endpoints) {
      used.add(endpoint.status().id());
      endpoint
          .addresses()
          .forEach(
              address -> used.add(endpoint.status().networkId() + " " + Addresses.text(address)));
    }
    Map<String, List<Holding>> idle =
        holdings.all().stream()
            .filter(holding -> !isUsed(holding, registry, used))
            .sorted(Comparator.comparing(Holding::kind))
            .collect(Collectors.groupingBy(Holding::holder));
    idle.forEach(this::start);
    holdings.all().stream()
        .filter(holding -> used.contains(holding.id()))
        .forEach(holding -> start("check " + holding.id(), () -> check(holding)));
    registry.all().forEach(this::resume);
  }

  private static boolean isUsed(Holding holding, NetworkRegistry registry, Set<String> used) {
    boolean network = registry.byId(holding.networkId()).isPresent();
    return switch (holding.kind()) {
      case NETWORK, POOL -> network;
      case ENDPOINT -> used.contains(holding.id());
      case ADDRESS -> {
        String address = holding.networkId() + " " + holding.facts().getOrDefault("address", "");
        boolean had = holding.facts().containsKey("fixed") || used.contains(address);
        yield network && had && !holding.isOnlyAsked();
      }
    };
  }

  private void start(String holder, List<Holding> idle) {
    start("give back " + holder, () -> giveBack(holder, idle));
  }

  private void start(String name, Runnable work) {
    Thread thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(() -> {
              try {
                work.run();
              } catch (RuntimeException failure) {
                LOG.log(System.Logger.Level.INFO, name, failure);
              } finally {
                threads.remove(Thread.currentThread());
              }
            });
    threads.add(thread);
    thread.start();
  }

  private void check(Holding holding) {
    if (drivers.known(holding.holder()) instanceof OutsideDriver driver) {
      driver.check(holding);
    }
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
    }
    if (!left.isEmpty()) {
      LOG.log(System.Logger.Level.WARNING, "{0} still holds {1} things", holder, left.size());
    }
  }

  /** What somebody outside wants to be told again; the first address waits for it otherwise. */
  private void resume(NetworkEntry network) {
    if (network.addresses() instanceof NetworkAddresses) {
      return;
    }
    start("resume " + network.network().name(), () -> network.addresses().resume());
  }

  private boolean isGivenBack(Holding holding) {
    try {
      switch (holding.kind()) {
        case NETWORK, ENDPOINT -> {
          if (drivers.known(holding.holder()) instanceof OutsideDriver driver) {
            driver.giveBack(holding);
          }
        }
        case POOL, ADDRESS ->
            managers.known(holding.holder()).ifPresent(manager -> manager.giveBack(holding));
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
