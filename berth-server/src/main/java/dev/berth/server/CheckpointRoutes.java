package dev.berth.server;

import dev.berth.core.EngineException;
import java.util.List;
import java.util.stream.Stream;

/** Checkpoints of containers: as in a dockerd without experimental features, all are refused. */
final class CheckpointRoutes {
  List<Route> routes() {
    return Stream.of(
            Route.get("/containers/{name}/checkpoints", CheckpointRoutes::refuse),
            Route.post("/containers/{name}/checkpoints", CheckpointRoutes::refuse),
            Route.delete("/containers/{name}/checkpoints/{checkpoint}", CheckpointRoutes::refuse))
        .map(route -> route.from(25).refusing("checkpoints are not offered"))
        .toList();
  }

  private static void refuse(Exchange exchange) {
    throw EngineException.notImplemented(
        "checkpoints are an experimental feature of Docker that this engine does not offer");
  }
}
