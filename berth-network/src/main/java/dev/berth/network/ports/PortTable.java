package dev.berth.network.ports;

import dev.berth.core.EngineException;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.firewall.Protocol;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which host ports the engine has given away. A port on all addresses of a family excludes the same
 * port on any one of them, and the other way round. Not safe for use by several threads.
 */
final class PortTable {
  private final Map<Protocol, Map<Integer, Map<InetAddress, String>>> taken =
      new EnumMap<>(Protocol.class);
  private final Map<Protocol, Integer> next = new HashMap<>();

  /** Whether the engine has the port free on this address. */
  boolean free(Protocol protocol, InetAddress address, int port) {
    Set<InetAddress> others =
        taken.getOrDefault(protocol, Map.of()).getOrDefault(port, Map.of()).keySet();
    return others.stream().noneMatch(other -> excludes(address, other));
  }

  private static boolean excludes(InetAddress one, InetAddress other) {
    return one.getClass() == other.getClass()
        && (one.equals(other) || one.isAnyLocalAddress() || other.isAnyLocalAddress());
  }

  /**
   * Takes a port.
   *
   * @throws EngineException in Docker's words when it is taken
   */
  void take(Protocol protocol, InetAddress address, int port, String owner) {
    if (!free(protocol, address, port)) {
      throw taken(address, port);
    }
    taken
        .computeIfAbsent(protocol, name -> new TreeMap<>())
        .computeIfAbsent(port, number -> new HashMap<>())
        .put(address, owner);
  }

  /** Docker's error for a port that another container has. */
  static EngineException taken(InetAddress address, int port) {
    return EngineException.internal(
        "Bind for "
            + Addresses.hostText(address)
            + ":"
            + port
            + " failed: port is already allocated",
        null);
  }

  /** Gives a port back; does nothing when it is free. */
  void release(Protocol protocol, InetAddress address, int port) {
    Map<Integer, Map<InetAddress, String>> ports = taken.getOrDefault(protocol, Map.of());
    Map<InetAddress, String> addresses = ports.get(port);
    if (addresses != null) {
      addresses.remove(address);
      if (addresses.isEmpty()) {
        ports.remove(port);
      }
    }
  }

  /**
   * The ephemeral port to try next. Numbers are not reused before the range has been gone through,
   * so that a client of a container that has gone does not meet another one.
   */
  int nextEphemeral(Protocol protocol, EphemeralPorts range) {
    int candidate = next.getOrDefault(protocol, range.first());
    for (int i = 0; i <= range.last() - range.first(); i++) {
      if (candidate < range.first() || candidate > range.last()) {
        candidate = range.first();
      }
      int chosen = candidate++;
      if (!range.reserved().get(chosen)) {
        next.put(protocol, candidate);
        return chosen;
      }
    }
    throw EngineException.internal("all ports are allocated", null);
  }

  /** Who has the port; null when nobody has. */
  @Nullable String owner(Protocol protocol, InetAddress address, int port) {
    return taken.getOrDefault(protocol, Map.of()).getOrDefault(port, Map.of()).get(address);
  }
}
