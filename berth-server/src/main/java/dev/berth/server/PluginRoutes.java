package dev.berth.server;

import dev.berth.core.EngineException;
import java.io.IOException;
import java.util.List;

/** Managed plugins, of which this engine has none so far. */
final class PluginRoutes {
  List<Route> routes() {
    return List.of(
        Route.get("/plugins", PluginRoutes::list).from(25),
        Route.get("/plugins/privileges", PluginRoutes::notOffered).from(25),
        Route.get("/plugins/{name}/json", PluginRoutes::notFound).from(25),
        Route.post("/plugins/pull", PluginRoutes::notOffered).from(25),
        Route.post("/plugins/create", PluginRoutes::notOffered).from(25),
        Route.post("/plugins/{name}/enable", PluginRoutes::notFound).from(25),
        Route.post("/plugins/{name}/disable", PluginRoutes::notFound).from(25),
        Route.post("/plugins/{name}/push", PluginRoutes::notFound).from(25),
        Route.post("/plugins/{name}/upgrade", PluginRoutes::notFound).from(26),
        Route.post("/plugins/{name}/set", PluginRoutes::notFound).from(25),
        Route.delete("/plugins/{name}", PluginRoutes::notFound).from(25));
  }

  private static void list(Exchange exchange) throws IOException {
    exchange.reply(200, List.of());
  }

  private static void notFound(Exchange exchange) {
    throw EngineException.notFound("plugin " + GoValues.quote(exchange.name()) + " not found");
  }

  private static void notOffered(Exchange exchange) {
    throw EngineException.notImplemented("managed plugins are not offered by this engine yet");
  }
}
