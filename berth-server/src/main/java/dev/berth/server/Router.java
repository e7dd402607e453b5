package dev.berth.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the route of a request. The first one that fits, in the order of the list, is taken. */
public final class Router {
  private final List<Route> routes;
  private final Map<String, List<Route>> byArea = new HashMap<>();

  /**
   * @param routes in order; literal paths before those with a name that could swallow them
   */
  public Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
    for (Route route : routes) {
      byArea.computeIfAbsent(route.area(), absent -> new ArrayList<>()).add(route);
    }
  }

  /** All routes in their order, from which the table of endpoints is made. */
  public List<Route> routes() {
    return routes;
  }

  /**
   * A route and what stands for its name.
   *
   * @param route the route
   * @param name empty when the route has no place for one
   */
  public record Match(Route route, String name) {}

  /** The route for a decoded path without its version. */
  public Optional<Match> find(String method, String path) {
    for (Route route : byArea.getOrDefault(Route.area(path), List.of())) {
      String name = route.match(method, path);
      if (name != null) {
        return Optional.of(new Match(route, name));
      }
    }
    return Optional.empty();
  }
}
