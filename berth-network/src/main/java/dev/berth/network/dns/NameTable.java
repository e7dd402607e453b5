package dev.berth.network.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The names of all endpoints, by network. Safe for use by several threads: readers never wait, and
 * a change costs what it changes.
 */
final class NameTable {
  private final Map<String, Zone> zones = new ConcurrentHashMap<>();
  private final AtomicInteger version = new AtomicInteger();

  /** The names on one network. */
  private static final class Zone {
    private final Map<String, DnsEndpoint> endpoints = new ConcurrentHashMap<>();
    private final Map<String, List<DnsEndpoint>> names = new ConcurrentHashMap<>();
    private final Map<InetAddress, DnsEndpoint> addresses = new ConcurrentHashMap<>();
  }

  /** Adds or replaces the names of an endpoint. */
  void register(String networkId, DnsEndpoint endpoint) {
    Zone zone = zones.computeIfAbsent(networkId, id -> new Zone());
    DnsEndpoint old = zone.endpoints.put(endpoint.endpointId(), endpoint);
    if (endpoint.equals(old)) {
      return;
    }
    // New names first: a name that stays is never missing in between.
    for (String name : endpoint.names()) {
      zone.names.merge(
          lower(name), List.of(endpoint), (present, added) -> replaced(present, old, endpoint));
    }
    endpoint.addresses().forEach(address -> zone.addresses.put(address, endpoint));
    if (old != null) {
      withdraw(zone, old);
    }
    version.incrementAndGet();
  }

  /** Takes the names of an endpoint away. */
  void unregister(String networkId, String endpointId) {
    Zone zone = zones.get(networkId);
    DnsEndpoint endpoint = zone == null ? null : zone.endpoints.remove(endpointId);
    if (zone != null && endpoint != null) {
      withdraw(zone, endpoint);
      version.incrementAndGet();
    }
  }

  /** Forgets a network. */
  void forget(String networkId) {
    zones.remove(networkId);
    version.incrementAndGet();
  }

  private static List<DnsEndpoint> replaced(
      List<DnsEndpoint> present, @Nullable DnsEndpoint old, DnsEndpoint added) {
    List<DnsEndpoint> changed = new ArrayList<>(present);
    changed.removeIf(endpoint -> endpoint.equals(old) || endpoint.equals(added));
    changed.add(added);
    return List.copyOf(changed);
  }

  private static void withdraw(Zone zone, DnsEndpoint endpoint) {
    for (String name : endpoint.names()) {
      zone.names.computeIfPresent(
          lower(name),
          (key, present) -> {
            List<DnsEndpoint> rest =
                present.stream().filter(other -> !other.equals(endpoint)).toList();
            return rest.isEmpty() ? null : rest;
          });
    }
    endpoint.addresses().forEach(address -> zone.addresses.remove(address, endpoint));
  }

  /** Changes with every change of a name, after it. */
  int version() {
    return version.get();
  }

  /**
   * What a sandbox finds under a name.
   *
   * @param addresses of both families
   * @param attachment to the network that knows the name
   */
  record Found(List<InetAddress> addresses, DnsAttachment attachment) {}

  /**
   * The addresses of a name as a sandbox sees it: the first of its networks that knows it decides.
   *
   * @param name in lower case
   * @return null when no network knows it
   */
  @Nullable Found addresses(List<DnsAttachment> attachments, String name) {
    for (DnsAttachment attachment : attachments) {
      String wanted = attachment.links().getOrDefault(name, name);
      List<DnsEndpoint> found = find(attachment, lower(wanted));
      if (found == null) {
        String suffix = "." + lower(attachment.networkName());
        found =
            name.endsWith(suffix)
                ? find(attachment, name.substring(0, name.length() - suffix.length()))
                : null;
      }
      if (found != null) {
        return new Found(
            found.stream().flatMap(endpoint -> endpoint.addresses().stream()).toList(), attachment);
      }
    }
    return null;
  }

  private @Nullable List<DnsEndpoint> find(DnsAttachment attachment, String name) {
    Zone zone = zones.get(attachment.networkId());
    return zone == null ? null : zone.names.get(name);
  }

  /**
   * A container's name.
   *
   * @param text {@code container.network}
   * @param attachment to the network that knows it
   */
  record Named(String text, DnsAttachment attachment) {}

  /** The name of an address; null when no network knows it. */
  @Nullable Named name(List<DnsAttachment> attachments, InetAddress address) {
    for (DnsAttachment attachment : attachments) {
      Zone zone = zones.get(attachment.networkId());
      DnsEndpoint endpoint = zone == null ? null : zone.addresses.get(address);
      if (endpoint != null && !endpoint.names().isEmpty()) {
        String text = endpoint.names().getFirst() + "." + attachment.networkName();
        return new Named(text, attachment);
      }
    }
    return null;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
