package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.ContainerState.Removing;
import dev.berth.engine.Containers.Removal;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Removes containers with all that belongs to them. */
final class ContainerRemoval {
  private final Features features;
  private final ContainerTable table;
  private final ContainerMounts mounts;
  private final ContainerStop stop;
  private final ContainerEvents events;

  ContainerRemoval(
      Features features,
      ContainerTable table,
      ContainerMounts mounts,
      ContainerStop stop,
      ContainerEvents events) {
    this.features = features;
    this.table = table;
    this.mounts = mounts;
    this.stop = stop;
    this.events = events;
  }

  /** Removes it as {@link Containers#remove} says. */
  void remove(LiveContainer container, Removal how) {
    try {
      removeOrTell(container, how);
    } catch (EngineException failure) {
      throw new EngineException(
          failure.kind(),
          "cannot remove container \"/" + container.name() + "\": " + failure.text(),
          failure);
    }
  }

  private void removeOrTell(LiveContainer container, Removal how) {
    if (ContainerStop.isActive(container)) {
      requireForce(container, how);
      stop.killAndWait(container);
    }
    try (LiveContainer.Held _ = container.hold()) {
      if (container.removed().isDone()) {
        return;
      }
      if (container.state() instanceof Removing) {
        throw EngineException.conflict(
            "removal of container " + container.id() + " is already in progress");
      }
      if (ContainerStop.isActive(container)) {
        requireForce(container, new Removal(false, false, false));
      }
      tearDown(container, how.volumes());
    }
  }

  private static void requireForce(LiveContainer container, Removal how) {
    if (how.force()) {
      return;
    }
    throw EngineException.conflict(
        container.state() instanceof ContainerState.Paused
            ? "container is paused and must be unpaused first"
            : "container is "
                + ContainerState.word(container.state())
                + ": stop the container before removing or force remove");
  }

  /** Removes what belongs to it, then its record. The lock is held. */
  void tearDown(LiveContainer container, boolean volumes) {
    table.move(container, new LifeEvent.RemovalBegan());
    try {
      waitForRuntime(container.tidied());
      features.roots().remove(container.id());
      mounts.release(container.definition(), volumes);
      ContainerDirectory.of(features.settings(), container.id()).delete();
      features.sandboxes().reserve(container.id(), List.of());
      table.delete(container);
    } catch (RuntimeException failure) {
      String reason = failure.getMessage() == null ? "unknown" : failure.getMessage();
      table.move(container, new LifeEvent.RemovalFailed(reason));
      if (failure instanceof EngineException told) {
        throw told;
      }
      throw EngineException.internal(reason, failure);
    }
    events.tell(container, "destroy");
    container.announceRemoval(container.lastResult());
  }

  private static void waitForRuntime(CompletableFuture<?> tidied) {
    tidied.join();
  }
}
