package dev.berth.network;

import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * All networks by id, those in the making and in removal included: their names, subnets and bridges
 * are taken. Safe for use by any thread.
 */
final class NetworkRegistry {
  private static final int ID_LENGTH = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, NetworkEntry> entries = new TreeMap<>();

  /**
   * Adds a network that is planned against all others; nothing can come in between.
   *
   * @param name must be free
   * @param planner pure; gets all other networks
   */
  NetworkEntry reserve(String name, Function<List<NetworkEntry>, NetworkEntry> planner) {
    lock.lock();
    try {
      refuseTaken(name);
      NetworkEntry entry = planner.apply(List.copyOf(entries.values()));
      entries.put(entry.network().id(), entry);
      return entry;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Checks that a name is free at present.
   *
   * @throws EngineException of kind CONFLICT
   */
  void refuseTaken(String name) {
    lock.lock();
    try {
      if (entries.values().stream().anyMatch(entry -> entry.network().name().equals(name))) {
        throw EngineException.conflict("network with name " + name + " already exists");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Adds a network as it is. */
  void add(NetworkEntry entry) {
    lock.lock();
    try {
      entries.put(entry.network().id(), entry);
    } finally {
      lock.unlock();
    }
  }

  /** Takes a network out. */
  void remove(String id) {
    lock.lock();
    try {
      entries.remove(id);
    } finally {
      lock.unlock();
    }
  }

  /** All networks that can be found, in the order of their ids. */
  List<NetworkEntry> all() {
    List<NetworkEntry> copy;
    lock.lock();
    try {
      copy = new ArrayList<>(entries.values());
    } finally {
      lock.unlock();
    }
    copy.removeIf(entry -> !entry.isReady());
    return copy;
  }

  /** A network by its id. */
  Optional<NetworkEntry> byId(String id) {
    lock.lock();
    try {
      return Optional.ofNullable(entries.get(id)).filter(NetworkEntry::isReady);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Finds a network by exact name, then by id, then by a prefix of the id.
   *
   * @throws EngineException of kind NOT_FOUND, or INVALID where several ids start so
   */
  NetworkEntry find(String reference) {
    List<NetworkEntry> all = all();
    for (NetworkEntry entry : all) {
      if (entry.network().id().equals(reference)) {
        return entry;
      }
    }
    for (NetworkEntry entry : all) {
      if (entry.network().name().equals(reference)) {
        return entry;
      }
    }
    if (reference.isEmpty() || reference.length() >= ID_LENGTH) {
      throw notFound(reference);
    }
    List<NetworkEntry> matches =
        all.stream().filter(entry -> entry.network().id().startsWith(reference)).toList();
    if (matches.size() > 1) {
      throw EngineException.invalid(
          "network %s is ambiguous (%d matches found based on ID prefix)"
              .formatted(reference, matches.size()));
    }
    return matches.stream().findFirst().orElseThrow(() -> notFound(reference));
  }

  private static EngineException notFound(String reference) {
    return EngineException.notFound("network " + reference + " not found");
  }
}
