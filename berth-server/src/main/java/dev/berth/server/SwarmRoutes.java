package dev.berth.server;

import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.List;

/** The routes of a swarm, which this engine is never part of so far: all say so. */
final class SwarmRoutes {
  /** Docker's words for a node outside of a swarm. */
  static final String NO_MANAGER =
      "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to"
          + " connect this node to swarm and try again.";

  private static final List<String> AREAS =
      List.of("/services", "/nodes", "/tasks", "/secrets", "/configs");

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(Route.get("/swarm", SwarmRoutes::refuse));
    routes.add(Route.get("/swarm/unlockkey", SwarmRoutes::refuse));
    routes.add(Route.post("/swarm/init", SwarmRoutes::notOffered));
    routes.add(Route.post("/swarm/join", SwarmRoutes::notOffered));
    routes.add(Route.post("/swarm/leave", SwarmRoutes::notInSwarm));
    routes.add(Route.post("/swarm/update", SwarmRoutes::refuse));
    routes.add(Route.post("/swarm/unlock", SwarmRoutes::refuse));
    for (String area : AREAS) {
      routes.add(Route.get(area, SwarmRoutes::refuse));
      routes.add(Route.get(area + "/{name}", SwarmRoutes::refuse));
      routes.add(Route.post(area + "/create", SwarmRoutes::refuse));
      routes.add(Route.post(area + "/{name}/update", SwarmRoutes::refuse));
      routes.add(Route.delete(area + "/{name}", SwarmRoutes::refuse));
    }
    return routes;
  }

  private static void refuse(Exchange exchange) {
    throw EngineException.unavailable(NO_MANAGER);
  }

  private static void notInSwarm(Exchange exchange) {
    throw EngineException.unavailable("This node is not part of a swarm");
  }

  private static void notOffered(Exchange exchange) {
    throw EngineException.notImplemented("swarm mode is not offered by this engine yet");
  }
}
