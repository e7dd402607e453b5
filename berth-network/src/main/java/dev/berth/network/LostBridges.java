package dev.berth.network;

import dev.berth.network.link.HostLink;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.link.LinkSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Makes bridges again that were deleted by others, and puts the containers' interfaces back on
 * them: the kernel leaves those alive without a bridge. Safe for use by several threads.
 */
final class LostBridges {
  private static final System.Logger LOG = System.getLogger(LostBridges.class.getName());

  private final NetworkServices services;
  private final NetworkRegistry registry;
  private final Supplier<Collection<Sandbox>> sandboxes;
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * @param sandboxes those that are open
   */
  LostBridges(
      NetworkServices services, NetworkRegistry registry, Supplier<Collection<Sandbox>> sandboxes) {
    this.services = services;
    this.registry = registry;
    this.sandboxes = sandboxes;
  }

  /** Begins to watch. */
  LinkKernel.LinkWatch watch() {
    return services.kernel().watch(this::lost);
  }

  /** Puts all interfaces on their bridges, as some may have been lost while no engine ran. */
  void attachAll() {
    TearDown.run("bridge ports", List.of(() -> services.kernel().attach(ports(""))));
  }

  /** A link has gone; an empty name stands for any. */
  void lost(String link) {
    for (NetworkEntry entry : registry.all()) {
      boolean has =
          entry.plan().links().stream()
              .anyMatch(planned ->
                  planned instanceof HostLink.Bridge bridge
                      && (link.isEmpty() || bridge.name().equals(link)));
      if (has) {
        TearDown.run("lost bridge of " + entry.network().name(), List.of(() -> heal(entry)));
      }
    }
  }

  private void heal(NetworkEntry entry) {
    lock.lock();
    try {
      String bridge = entry.plan().links().getFirst().name();
      if (!entry.isReady() || services.kernel().find(bridge).isPresent()) {
        return;
      }
      entry.driver().restoreNetwork(entry.plan());
      Map<String, List<String>> ports = ports(bridge);
      services.kernel().attach(ports);
      services.firewall().followBridge(entry.network().id());
      LOG.log(
          System.Logger.Level.WARNING,
          "bridge {0} of network {1} was deleted by others and has been made again, with {2} ports",
          bridge,
          entry.network().name(),
          ports.getOrDefault(bridge, List.of()).size());
      if (!entry.isReady()) {
        entry.driver().deleteNetwork(entry.network());
      }
    } finally {
      lock.unlock();
    }
  }

  /** The hosts' ends of the containers' interfaces by bridge; of one bridge where it is named. */
  private Map<String, List<String>> ports(String bridge) {
    Map<String, List<String>> ports = new LinkedHashMap<>();
    for (Sandbox sandbox : sandboxes.get()) {
      for (Endpoint endpoint : sandbox.state().endpoints()) {
        if (endpoint.join().link() instanceof LinkSource.Veth veth
            && (bridge.isEmpty() || veth.bridge().equals(bridge))) {
          ports.computeIfAbsent(veth.bridge(), name -> new ArrayList<>()).add(veth.hostName());
        }
      }
    }
    return ports;
  }
}
