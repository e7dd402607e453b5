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

  List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    routes.add(Route.get("/swarm", SwarmRoutes::refuse));
    routes.add(Route.get("/swarm/unlockkey", SwarmRoutes::refuse));
    routes.add(Route.post("/swarm/init", SwarmRoutes::notOffered));
    routes.add(Route.post("/swarm/join", SwarmRoutes::notOffered));
    routes.add(Route.post("/swarm/leave", SwarmRoutes::notInSwarm));
    routes.add(Route.post("/swarm/update", SwarmRoutes::refuse));
    routes.add(Route.post("/swarm/unlock", SwarmRoutes::refuse));
    routes.add(Route.get("/services/{id}/logs", SwarmRoutes::refuse).from(29));
    routes.add(Route.get("/tasks/{id}/logs", SwarmRoutes::refuse).from(29));
    area(routes, "/services", 24, List.of("list", "create", "update", "remove"));
    area(routes, "/nodes", 24, List.of("list", "update", "remove"));
    area(routes, "/tasks", 24, List.of("list"));
    area(routes, "/secrets", 25, List.of("list", "create", "update", "remove"));
    area(routes, "/configs", 30, List.of("list", "create", "update", "remove"));
    return routes.stream().map(route -> route.refusing("the engine is in no swarm")).toList();
  }

  private static void area(List<Route> routes, String area, int since, List<String> verbs) {
    String one = area + "/{id}";
    for (String verb : verbs) {
      switch (verb) {
        case "create" -> routes.add(Route.post(area + "/create", SwarmRoutes::refuse).from(since));
        case "update" -> routes.add(Route.post(one + "/update", SwarmRoutes::refuse).from(since));
        case "remove" -> routes.add(Route.delete(one, SwarmRoutes::refuse).from(since));
        default -> {
          routes.add(Route.get(area, SwarmRoutes::refuse).from(since));
          routes.add(Route.get(one, SwarmRoutes::refuse).from(since));
        }
      }
    }
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
