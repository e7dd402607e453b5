package dev.berth.engine;

/** The steps of containers' lives, wired in reading order. */
final class ContainerLife {
  private final Containers containers;
  private final Execs execs;
  private final EngineRestore restore;
  private final ContainerEvents events;
  private final HealthProbes health;

  ContainerLife(Features features, ContainerTable table) {
    this.events = new ContainerEvents(features.journal(), features.clock());
    ContainerMounts mounts = new ContainerMounts(features, table);
    ContainerSandboxes sandboxes = new ContainerSandboxes(features, table);
    ExecPlan execPlan = new ExecPlan(features, sandboxes);
    this.health = new HealthProbes(features, execPlan, events);
    this.execs = new Execs(features, table, execPlan, events);
    ContainerCreation creation = new ContainerCreation(features, table, mounts, sandboxes, events);
    ContainerStop stop = new ContainerStop(table, events);
    ContainerEnd end = new ContainerEnd(features, table, mounts, events);
    ContainerRemoval removal = new ContainerRemoval(features, table, mounts, stop, events);
    ContainerStart start =
        new ContainerStart(
            features,
            table,
            new LaunchPreparation(features, table, sandboxes, mounts),
            end,
            removal,
            health,
            events);
    Containers.Steps steps = new Containers.Steps(creation, start, stop, removal);
    this.containers =
        new Containers(features, table, new ContainerViews(features, execs::idsOf), steps, events);
    this.restore = new EngineRestore(features, table, mounts, steps, end);
  }

  Containers containers() {
    return containers;
  }

  Execs execs() {
    return execs;
  }

  EngineRestore restore() {
    return restore;
  }

  HealthProbes health() {
    return health;
  }

  ContainerEvents events() {
    return events;
  }
}
