package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.store.Table;
import dev.berth.volume.Stillness;
import java.util.ArrayList;
import java.util.List;

/**
 * Pauses the containers that run with a volume, for as long as somebody needs it. Which ones is
 * stored first, so that a crash in between leaves none of them paused.
 */
final class PausedUsers {
  private static final Table<Pause> PAUSES = new Table<>("volume-pauses", Pause.class);

  private final Features features;
  private final ContainerTable table;
  private final Containers containers;

  /**
   * Containers that are paused for an operation.
   *
   * @param id of the pause
   * @param containers their ids
   */
  record Pause(String id, List<String> containers) {}

  PausedUsers(Features features, ContainerTable table, Containers containers) {
    this.features = features;
    this.table = table;
    this.containers = containers;
  }

  Stillness.Held hold(String volume) {
    List<String> running =
        table.all().stream()
            .filter(container -> container.state() instanceof ContainerState.Running)
            .filter(container -> VolumeOperations.refersTo(container.definition(), volume))
            .map(LiveContainer::id)
            .toList();
    if (running.isEmpty()) {
      return () -> {};
    }
    Pause pause = new Pause(features.surroundings().ids().next(), running);
    features
        .store()
        .update(tx -> {
          tx.put(PAUSES, pause.id(), pause);
          return pause;
        });
    List<String> paused = new ArrayList<>();
    try {
      running.forEach(id -> pause(id, paused));
    } catch (EngineException failure) {
      letGo(pause, paused);
      throw failure;
    }
    return () -> letGo(pause, paused);
  }

  /** One that has ended, or that its owner has paused meanwhile, is still enough. */
  private void pause(String id, List<String> paused) {
    try {
      containers.pause(id);
      paused.add(id);
    } catch (EngineException failure) {
      if (failure.kind() != ErrorKind.CONFLICT && failure.kind() != ErrorKind.NOT_FOUND) {
        throw failure;
      }
    }
  }

  private void letGo(Pause pause, List<String> paused) {
    paused.forEach(id -> Quietly.run("unpause " + id, () -> containers.unpause(id)));
    forget(pause);
  }

  private void forget(Pause pause) {
    features
        .store()
        .update(tx -> {
          tx.remove(PAUSES, pause.id());
          return pause;
        });
  }

  void recover() {
    for (Pause pause : features.store().view(tx -> tx.all(PAUSES)).values()) {
      letGo(pause, pause.containers().stream().filter(this::isPaused).toList());
    }
  }

  private boolean isPaused(String id) {
    LiveContainer container = table.byId(id);
    return container != null && container.state() instanceof ContainerState.Paused;
  }
}
