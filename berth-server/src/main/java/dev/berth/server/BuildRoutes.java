package dev.berth.server;

import dev.berth.api.BuildCachePruneReport;
import dev.berth.core.EngineException;
import java.io.IOException;
import java.util.List;

/** Building images, which this engine does not do so far: there is no cache either. */
final class BuildRoutes {
  List<Route> routes() {
    return List.of(
        Route.post("/build", BuildRoutes::notOffered),
        Route.post("/build/prune", BuildRoutes::prune).from(31),
        Route.post("/build/cancel", BuildRoutes::notOffered).from(31),
        Route.post("/session", BuildRoutes::notOffered).from(31),
        Route.post("/grpc", BuildRoutes::notOffered).from(31));
  }

  private static void prune(Exchange exchange) throws IOException {
    exchange.reply(200, new BuildCachePruneReport(null, 0));
  }

  private static void notOffered(Exchange exchange) {
    throw EngineException.notImplemented("building images is not offered by this engine yet");
  }
}
