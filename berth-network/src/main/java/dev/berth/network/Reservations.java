package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.network.ipam.IpText;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** Static addresses of containers, which nobody else gets by chance while they do not run. */
final class Reservations {
  private record Reserved(NetworkEntry network, InetAddress address) {}

  private final NetworkRegistry registry;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, List<Reserved>> byContainer = new HashMap<>();

  Reservations(NetworkRegistry registry) {
    this.registry = registry;
  }

  /** Sets the addresses of a container apart, in place of those before. */
  void replace(String containerId, List<EndpointSpec> wishes) {
    List<Reserved> wanted = wishes.stream().flatMap(this::addresses).toList();
    lock.lock();
    try {
      List<Reserved> before = byContainer.remove(containerId);
      if (!wanted.isEmpty()) {
        byContainer.put(containerId, wanted);
      }
      wanted.forEach(reserved -> reserved.network().addresses().setApart(reserved.address()));
      if (before != null) {
        before.stream()
            .filter(reserved -> byContainer.values().stream().noneMatch(l -> l.contains(reserved)))
            .forEach(reserved -> reserved.network().addresses().letGo(reserved.address()));
      }
    } finally {
      lock.unlock();
    }
  }

  private Stream<Reserved> addresses(EndpointSpec wish) {
    NetworkEntry network;
    try {
      network = registry.find(wish.network());
    } catch (EngineException notThere) {
      return Stream.empty();
    }
    return Stream.of(wish.addresses().ipv4(), wish.addresses().ipv6())
        .flatMap(text -> IpText.parse(text).stream())
        .map(address -> new Reserved(network, address));
  }
}
