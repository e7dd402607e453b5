package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.store.Store;
import dev.berth.store.Table;
import dev.berth.store.WriteTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All containers, in memory and in the store. */
final class ContainerTable {
  private static final Table<ContainerRecord> RECORDS =
      new Table<>("containers", ContainerRecord.class);
  private static final Table<ContainerStatus> STATUSES =
      new Table<>("container-statuses", ContainerStatus.class);
  private static final Table<Intent> INTENTS = new Table<>("container-intents", Intent.class);

  private final Store store;
  private final Map<String, LiveContainer> byId = new ConcurrentHashMap<>();
  private final Map<String, String> idsByName = new ConcurrentHashMap<>();

  /**
   * A creation that has begun; one that is found at start-up was cut short and is unwound. That of
   * a build's container lasts until the build has decided what becomes of it.
   *
   * @param id of the container
   * @param begun when
   */
  record Intent(String id, Instant begun) {}

  ContainerTable(Store store) {
    this.store = store;
  }

  /** Reads the store. Returns the creations that were cut short. */
  List<Intent> load() {
    return store.view(state -> {
      Map<String, ContainerStatus> statuses = state.all(STATUSES);
      state
          .all(RECORDS)
          .forEach((id, definition) -> {
            ContainerStatus status = statuses.get(id);
            if (status != null) {
              byId.put(id, new LiveContainer(definition, status));
              idsByName.put(definition.name(), id);
            }
          });
      return List.copyOf(state.all(INTENTS).values());
    });
  }

  void begin(String id, Instant now) {
    store.update(state -> {
      state.put(INTENTS, id, new Intent(id, now));
      return null;
    });
  }

  void abandon(String id) {
    store.update(state -> {
      state.remove(INTENTS, id);
      return null;
    });
  }

  /** Takes a name, or tells who has it. */
  void reserve(String name, String id) {
    String owner = idsByName.putIfAbsent(name, id);
    if (owner != null && !owner.equals(id)) {
      throw ContainerNames.conflict(name, owner);
    }
  }

  boolean isTaken(String name) {
    return idsByName.containsKey(name);
  }

  void giveBack(String name, String id) {
    idsByName.remove(name, id);
  }

  /**
   * Commits a new container whose name was reserved.
   *
   * @param temporary whether it must not outlive this engine, until {@link #abandon} is called
   */
  LiveContainer insert(ContainerRecord definition, ContainerStatus status, boolean temporary) {
    store.update(state -> {
      if (!temporary) {
        state.remove(INTENTS, definition.id());
      }
      state.put(RECORDS, definition.id(), definition);
      state.put(STATUSES, definition.id(), status);
      return null;
    });
    LiveContainer container = new LiveContainer(definition, status);
    byId.put(definition.id(), container);
    return container;
  }

  void save(LiveContainer container, ContainerStatus status) {
    store.update(state -> {
      state.put(STATUSES, container.id(), status);
      return null;
    });
    container.become(status);
  }

  /** The next state of its life, committed. The container's lock is held. */
  void move(LiveContainer container, LifeEvent event) {
    save(container, container.status().withState(LifeEvent.next(container.state(), event)));
  }

  void save(LiveContainer container, ContainerRecord definition) {
    store.update(state -> {
      state.put(RECORDS, container.id(), definition);
      return null;
    });
    container.define(definition);
  }

  /** Puts a changed record as part of a wider transaction; {@code define} follows the commit. */
  void put(WriteTransaction tx, ContainerRecord definition) {
    tx.put(RECORDS, definition.id(), definition);
  }

  void delete(LiveContainer container) {
    store.update(state -> {
      state.remove(RECORDS, container.id());
      state.remove(STATUSES, container.id());
      state.remove(INTENTS, container.id());
      return null;
    });
    byId.remove(container.id());
    giveBack(container.name(), container.id());
  }

  /** All, newest first. */
  List<LiveContainer> all() {
    List<LiveContainer> containers = new ArrayList<>(byId.values());
    containers.sort(
        Comparator.comparing((LiveContainer container) -> container.definition().created())
            .reversed()
            .thenComparing(LiveContainer::id));
    return containers;
  }

  @Nullable LiveContainer byId(String id) {
    return byId.get(id);
  }

  /**
   * Finds a container by id, name or beginning of its id.
   *
   * @throws EngineException NOT_FOUND, or INVALID when several ids begin so
   */
  LiveContainer require(String reference) {
    LiveContainer found = find(reference);
    if (found == null) {
      throw EngineException.notFound("No such container: " + reference);
    }
    return found;
  }

  @Nullable LiveContainer find(String reference) {
    LiveContainer exact = byId.get(reference);
    if (exact != null) {
      return exact;
    }
    String bare = reference.startsWith("/") ? reference.substring(1) : reference;
    String named = idsByName.get(bare);
    if (named != null && byId.containsKey(named)) {
      return byId.get(named);
    }
    if (reference.isEmpty()) {
      return null;
    }
    LiveContainer found = null;
    for (LiveContainer container : byId.values()) {
      if (container.id().startsWith(reference)) {
        if (found != null) {
          throw EngineException.invalid("multiple IDs found with provided prefix: " + reference);
        }
        found = container;
      }
    }
    return found;
  }
}
