package dev.berth.server;

import dev.berth.api.VolumeCreateRequest;
import dev.berth.api.VolumesPruneReport;
import dev.berth.core.EngineException;
import dev.berth.engine.Engine;
import dev.berth.volume.PruneReport;
import dev.berth.volume.VolumeFilter;
import dev.berth.volume.VolumeList;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Volumes. */
final class VolumeRoutes {
  private final Engine engine;

  VolumeRoutes(Engine engine) {
    this.engine = engine;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/volumes", this::list),
        Route.get("/volumes/", this::list),
        Route.get("/volumes/{name}", this::inspect),
        Route.post("/volumes/create", this::create),
        Route.post("/volumes/prune", this::prune).from(25),
        Route.put(
                "/volumes/{name}",
                exchange -> {
                  throw EngineException.unavailable(
                      "volume update only valid for cluster volumes, but swarm is unavailable");
                })
            .from(42)
            .refusing("only volumes of a swarm can be changed"),
        Route.delete("/volumes/{name}", this::remove));
  }

  private void list(Exchange exchange) throws IOException {
    VolumeFilter filter = VolumeFilter.forList(FilterJson.of(exchange).values());
    VolumeList list = engine.volumes().list(filter);
    exchange.reply(
        200,
        new dev.berth.api.VolumeList(
            list.volumes().stream().map(VolumeMapper::json).toList(),
            list.warnings().isEmpty() ? null : list.warnings()));
  }

  private void inspect(Exchange exchange) throws IOException {
    exchange.reply(200, VolumeMapper.json(engine.volumes().find(exchange.name())));
  }

  private void create(Exchange exchange) throws IOException {
    VolumeCreateRequest request = exchange.json(VolumeCreateRequest.class);
    exchange.reply(201, VolumeMapper.json(engine.volumes().create(VolumeMapper.spec(request))));
  }

  private void remove(Exchange exchange) throws IOException {
    engine.volumes().remove(exchange.name(), exchange.query().flag("force"));
    exchange.reply(204);
  }

  /** Before 1.42 a prune always took named volumes too. */
  private void prune(Exchange exchange) throws IOException {
    Map<String, List<String>> filters = new HashMap<>(FilterJson.of(exchange).values());
    if (!exchange.version().atLeast(42)) {
      filters.put("all", List.of("true"));
    }
    PruneReport report = engine.volumes().prune(VolumeFilter.forPrune(filters));
    exchange.reply(
        200,
        new VolumesPruneReport(
            report.removed().isEmpty() ? null : report.removed(), report.reclaimedBytes()));
  }
}
