package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.core.SharedWork;
import dev.berth.engine.LiveContainer.Run;
import dev.berth.image.FilesystemChange;
import dev.berth.image.Image;
import dev.berth.runtime.ProcessTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The life of containers: create, start, stop, remove and what lies between. A container is named
 * by its name, its id or an unambiguous beginning of its id. Every method throws {@link
 * dev.berth.core.EngineException} with Docker's words. Safe for use by any thread; operations on
 * one container run one after another, those on different containers side by side.
 */
public final class Containers {

  private final Features features;
  private final ContainerTable table;
  private final ContainerViews views;
  private final Steps steps;
  private final ContainerEvents events;

  /**
   * The steps of a life.
   *
   * @param creation makes containers
   * @param start starts them
   * @param stop stops them
   * @param removal removes them
   */
  record Steps(
      ContainerCreation creation,
      ContainerStart start,
      ContainerStop stop,
      ContainerRemoval removal) {}

  Containers(
      Features features,
      ContainerTable table,
      ContainerViews views,
      Steps steps,
      ContainerEvents events) {
    this.features = features;
    this.table = table;
    this.views = views;
    this.steps = steps;
    this.events = events;
  }

  /**
   * Creates a container; nothing is left behind when it fails.
   *
   * @param name empty for a generated one
   * @param platform what the client asked for, or null
   */
  public Created create(String name, @Nullable String platform, ContainerSpec spec) {
    return steps.creation().create(name, platform, spec);
  }

  /** The same for a step of a build: it is gone after the engine's next start, unless kept. */
  Created createTemporary(ContainerSpec spec) {
    return steps.creation().createTemporary(spec);
  }

  /**
   * What a creation answers.
   *
   * @param id of the new container
   * @param warnings in Docker's words
   */
  public record Created(String id, List<String> warnings) {}

  /**
   * One container.
   *
   * @param size whether to measure what it takes on the disk
   */
  public Container inspect(String reference, boolean size) {
    return views.view(table.require(reference), size);
  }

  /** The containers that a query selects, newest first. */
  public List<Container> list(ContainerQuery query) {
    ContainerFilters filters = new ContainerFilters(query.filters(), lookups());
    Predicate<Container> wanted = filters.predicate();
    boolean all = query.all() || query.limit() > 0 || filters.impliesAll();
    List<Container> listed = new ArrayList<>();
    List<LiveContainer> measured = new ArrayList<>();
    for (LiveContainer container : table.all()) {
      boolean shown = all || ContainerStop.isActive(container);
      if (!shown) {
        continue;
      }
      Container view = views.view(container, false);
      if (wanted.test(view)) {
        listed.add(view);
        measured.add(container);
      }
      if (query.limit() > 0 && listed.size() == query.limit()) {
        break;
      }
    }
    return query.size()
        ? SharedWork.each(measured, container -> views.view(container, true))
        : listed;
  }

  /** Starts it; NOT_MODIFIED when it runs already. */
  public void start(String reference) {
    steps.start().start(table.require(reference));
  }

  /**
   * Stops it: its stop signal, then SIGKILL after the time-out; NOT_MODIFIED when it does not run.
   *
   * @param signal instead of its own, or null
   * @param timeoutSeconds instead of its own, or null; negative waits for ever
   */
  public void stop(String reference, @Nullable String signal, @Nullable Integer timeoutSeconds) {
    steps.stop().stop(table.require(reference), signal, timeoutSeconds);
  }

  /** Stops and starts it; parameters as for {@link #stop}. */
  public void restart(String reference, @Nullable String signal, @Nullable Integer timeoutSeconds) {
    LiveContainer container = table.require(reference);
    if (ContainerStop.isActive(container)) {
      steps.stop().stop(container, signal, timeoutSeconds);
    }
    steps.start().start(container);
    events.tell(container, "restart");
  }

  /**
   * Sends a signal.
   *
   * @param signal a name with or without SIG, or a number; empty for SIGKILL
   */
  public void kill(String reference, String signal) {
    try {
      steps.stop().kill(table.require(reference), signal);
    } catch (EngineException failure) {
      throw new EngineException(
          failure.kind(), "cannot kill container: " + reference + ": " + failure.text(), failure);
    }
  }

  /** Freezes it. */
  public void pause(String reference) {
    LiveContainer container = table.require(reference);
    try (LiveContainer.Held _ = container.hold()) {
      switch (container.state()) {
        case ContainerState.Running running -> {
          requireRun(container).process().pause();
          table.move(container, new LifeEvent.Froze());
        }
        case ContainerState.Paused paused ->
            throw EngineException.conflict("container " + container.id() + " is already paused");
        case ContainerState.Restarting restarting ->
            throw EngineException.conflict(
                "container "
                    + container.id()
                    + " is restarting, wait until the container is running");
        default -> throw ContainerStop.notRunning(container);
      }
    }
    events.tell(container, "pause");
  }

  /** Thaws it. */
  public void unpause(String reference) {
    LiveContainer container = table.require(reference);
    try (LiveContainer.Held _ = container.hold()) {
      if (!(container.state() instanceof ContainerState.Paused)) {
        throw EngineException.internal("Container " + container.id() + " is not paused", null);
      }
      requireRun(container).process().resume();
      table.move(container, new LifeEvent.Thawed());
    }
    events.tell(container, "unpause");
  }

  /** Gives it another name. */
  public void rename(String reference, String name) {
    LiveContainer container = table.require(reference);
    if (name.isEmpty()) {
      throw EngineException.invalid("Neither old nor new names may be empty");
    }
    String wanted = ContainerNames.require(name);
    String old;
    try (LiveContainer.Held _ = container.hold()) {
      old = container.name();
      if (old.equals(wanted)) {
        throw EngineException.invalid(
            "Renaming a container with the same name as its current name");
      }
      table.reserve(wanted, container.id());
      try {
        if (ContainerState.hasProcess(container.state())) {
          features.sandboxes().rename(container.id(), wanted);
        }
        table.save(container, container.definition().withName(wanted));
      } catch (RuntimeException failure) {
        table.giveBack(wanted, container.id());
        throw failure;
      }
      table.giveBack(old, container.id());
    }
    events.tell(container, "rename", Map.of("oldName", "/" + old));
  }

  /**
   * Changes limits and restart policy; what the update leaves empty stays.
   *
   * @return warnings
   */
  public List<String> update(String reference, ContainerUpdate update) {
    LiveContainer container = table.require(reference);
    try {
      change(container, update);
    } catch (EngineException failure) {
      throw new EngineException(
          failure.kind(),
          "Cannot update container " + container.id() + ": " + failure.text(),
          failure);
    }
    events.tell(container, "update");
    return List.of();
  }

  /** Removes it. */
  public void remove(String reference, Removal how) {
    LiveContainer container = table.require(reference);
    if (how.link()) {
      throw EngineException.internal(
          "cannot get parent /" + container.name() + " for name " + reference, null);
    }
    steps.removal().remove(container, how);
  }

  /**
   * How to remove a container.
   *
   * @param force kill it first when it runs
   * @param volumes remove its anonymous volumes too
   * @param link remove the link of that name, not the container
   */
  public record Removal(boolean force, boolean volumes, boolean link) {}

  /**
   * Begins to wait, so that nothing which happens after this call is missed.
   *
   * @param condition {@code not-running} (also when empty), {@code next-exit} or {@code removed}
   */
  public Waiting await(String reference, String condition) {
    LiveContainer container = table.require(reference);
    CompletableFuture<WaitResult> result =
        switch (condition) {
          case "", "not-running" ->
              ContainerStop.isActive(container)
                  ? container.stopped()
                  : CompletableFuture.completedFuture(container.lastResult());
          case "next-exit" -> container.nextExit();
          case "removed" -> container.removed();
          default -> throw EngineException.invalid("invalid condition: \"" + condition + "\"");
        };
    return new FutureWaiting(result);
  }

  /** A wait that has begun. */
  public interface Waiting extends AutoCloseable {
    /** Blocks until the condition holds. */
    WaitResult get() throws InterruptedException;

    @Override
    void close();
  }

  /**
   * How a wait ended.
   *
   * @param exitCode of the process
   * @param error why it could not start, or null
   */
  public record WaitResult(int exitCode, @Nullable String error) {}

  /** Removes the containers that do not run and match (keys: label, label!, until). */
  public Pruned prune(Filters filters) {
    Predicate<LiveContainer> selected = PruneRules.of(filters, features.clock().instant());
    List<String> deleted = new ArrayList<>();
    long reclaimed = 0;
    for (LiveContainer container : table.all()) {
      if (ContainerStop.isActive(container) || !selected.test(container)) {
        continue;
      }
      try {
        long size = features.roots().usage(container.id()).writableBytes();
        steps.removal().remove(container, new Removal(false, false, false));
        deleted.add(container.id());
        reclaimed += size;
      } catch (EngineException startedMeanwhile) {
        Quietly.note("prune " + container.id(), startedMeanwhile);
      }
    }
    events.pruned(reclaimed);
    return new Pruned(deleted, reclaimed);
  }

  /** Its processes as {@code ps} shows them; the first line holds the titles. */
  public Processes top(String reference, String psArguments) {
    LiveContainer container = table.require(reference);
    Run run = container.run();
    if (run == null) {
      throw ContainerStop.notRunning(container);
    }
    String arguments = psArguments.isBlank() ? "-ef" : psArguments.strip();
    ProcessTable processes = run.process().top(List.of(arguments.split("\\s+")));
    events.tell(container, "top");
    return new Processes(processes.titles(), processes.processes());
  }

  /**
   * Processes of a container.
   *
   * @param titles of the columns
   * @param rows one a process
   */
  public record Processes(List<String> titles, List<List<String>> rows) {}

  private static Run requireRun(LiveContainer container) {
    Run run = container.run();
    if (run == null) {
      throw ContainerStop.notRunning(container);
    }
    return run;
  }

  private ContainerFilters.Lookups lookups() {
    return new ContainerFilters.Lookups(
        reference -> table.require(reference).definition().created(),
        this::imageAndAncestors,
        reference -> {
          try {
            return features.images().apply(reference).id().toString();
          } catch (EngineException missing) {
            return null;
          }
        });
  }

  private Set<String> imageAndAncestors(Container container) {
    Set<String> ids = new HashSet<>();
    String id = container.definition().imageId();
    while (id != null && ids.add(id)) {
      try {
        Image image = features.images().apply(id);
        id = image.parent() == null ? null : image.parent().toString();
      } catch (EngineException missing) {
        id = null;
      }
    }
    return ids;
  }

  private void change(LiveContainer container, ContainerUpdate update) {
    try (LiveContainer.Held _ = container.hold()) {
      if (container.state() instanceof ContainerState.Removing
          || container.state() instanceof ContainerState.Dead) {
        throw EngineException.conflict("container is marked for removal and cannot be \"update\"");
      }
      HostOptions host = container.spec().host();
      HostOptions.Lifecycle lifecycle = host.lifecycle();
      RestartPolicy policy = update.restart();
      if (policy != null && !policy.name().isEmpty()) {
        SpecValidation.checkRestart(policy);
        if (lifecycle.autoRemove() && !policy.never()) {
          throw EngineException.conflict(
              "Restart policy cannot be updated because AutoRemove is enabled for the container");
        }
        lifecycle =
            new HostOptions.Lifecycle(
                policy,
                lifecycle.autoRemove(),
                lifecycle.init(),
                lifecycle.runtime(),
                lifecycle.log(),
                lifecycle.containerIdFile());
      }
      Resources resources = ResourceRules.join(host.resources(), update.resources());
      Run run = container.run();
      if (run != null && !resources.equals(host.resources())) {
        run.process().update(RuntimeResources.of(update.resources()));
      }
      table.save(
          container,
          container
              .definition()
              .withEffective(
                  container
                      .spec()
                      .withHost(host.withResources(resources).withLifecycle(lifecycle))));
    }
  }

  private record FutureWaiting(CompletableFuture<WaitResult> result) implements Waiting {
    @Override
    public WaitResult get() throws InterruptedException {
      try {
        return result.get();
      } catch (ExecutionException impossible) {
        throw new AssertionError("a wait never fails", impossible);
      }
    }

    @Override
    public void close() {}
  }

  private static Change.Kind kind(FilesystemChange.Kind kind) {
    return switch (kind) {
      case MODIFIED -> Change.Kind.MODIFIED;
      case ADDED -> Change.Kind.ADDED;
      case DELETED -> Change.Kind.DELETED;
    };
  }

  /** What it changed on its root file system, in the order of the paths. */
  public List<Change> changes(String reference) {
    LiveContainer container = table.require(reference);
    return features.roots().changes(container.id()).stream()
        .map(change -> new Change(change.path(), kind(change.kind())))
        .toList();
  }

  /**
   * A changed path.
   *
   * @param path absolute, in the container
   * @param kind what happened to it
   */
  public record Change(String path, Kind kind) {
    /** Docker's numbers are the ordinals. */
    public enum Kind {
      /** Content or attributes differ. */
      MODIFIED,
      /** New. */
      ADDED,
      /** Gone. */
      DELETED
    }
  }
}
