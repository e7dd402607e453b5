package dev.berth.server;

import dev.berth.engine.Engine;
import dev.berth.plugin.managed.ManagedPlugins;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The whole Engine API of one engine, wired together. */
public final class EngineApi {
  private EngineApi() {}

  /**
   * All routes, in the order in which they are tried.
   *
   * @param engine serves them
   * @param plugins those that are installed
   * @param product what version and info tell of the build
   * @param clock for ages and relative times
   */
  public static Router router(
      Engine engine, ManagedPlugins plugins, Product product, InstantSource clock) {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new SystemRoutes(engine, product, clock).routes());
    routes.addAll(new CheckpointRoutes().routes());
    routes.addAll(new ContainerRoutes(engine, clock).routes());
    routes.addAll(new StreamRoutes(engine, clock).routes());
    routes.addAll(new FileRoutes(engine).routes());
    routes.addAll(new StatsRoutes(engine).routes());
    routes.addAll(new ExecRoutes(engine).routes());
    routes.addAll(new ImageRoutes(engine, clock).routes());
    routes.addAll(new RegistryRoutes(engine).routes());
    routes.addAll(new NetworkRoutes(engine, clock).routes());
    routes.addAll(new BerthNetworkRoutes(engine).routes());
    routes.addAll(new VolumeRoutes(engine).routes());
    routes.addAll(new CommitRoutes(engine).routes());
    routes.addAll(new BerthVolumeRoutes(engine).routes());
    routes.addAll(new BuildRoutes(engine).routes());
    routes.addAll(new PluginRoutes(plugins).routes());
    routes.addAll(new SwarmRoutes().routes());
    return new Router(routes);
  }
}
