package dev.berth.server;

import dev.berth.core.Durations;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long the engine took for what clients asked, as far as dockerd counts it. What failed is not
 * counted. Safe for use by any thread.
 */
public final class ApiTimes {
  private static final Map<String, Action> ACTIONS =
      Map.ofEntries(
          Map.entry("POST /containers/create", new Action("container_actions", "create")),
          Map.entry("POST /containers/{name}/start", new Action("container_actions", "start")),
          Map.entry("DELETE /containers/{name}", new Action("container_actions", "delete")),
          Map.entry("GET /containers/{name}/changes", new Action("container_actions", "changes")),
          Map.entry("POST /commit", new Action("container_actions", "commit")),
          Map.entry("POST /networks/{name}/connect", new Action("network_actions", "connect")),
          Map.entry("POST /networks/{name}/disconnect", new Action("network_actions", "release")),
          Map.entry("POST /images/create", new Action("image_actions", "pull")),
          Map.entry("POST /images/{name}/push", new Action("image_actions", "push")),
          Map.entry("DELETE /images/{name}", new Action("image_actions", "delete")),
          Map.entry("GET /images/{name}/history", new Action("image_actions", "history")),
          Map.entry("GET /info", new Action("host_info_functions", "system_info")),
          Map.entry("GET /version", new Action("host_info_functions", "system_version")),
          Map.entry("POST /build", new Action("builds", "build")));

  private final Map<String, Map<String, Durations>> byKind = new LinkedHashMap<>();

  private record Action(String kind, String name) {}

  /** Nothing was asked yet. */
  public ApiTimes() {
    for (Action action : ACTIONS.values()) {
      byKind
          .computeIfAbsent(action.kind(), absent -> new LinkedHashMap<>())
          .put(action.name(), Durations.ofActions());
    }
  }

  /** All that is counted, by dockerd's name of its kind and by its own. */
  public Map<String, Map<String, Durations>> byKind() {
    return Map.copyOf(byKind);
  }

  /** A request was served. */
  void served(Route route, long nanos) {
    Action action = ACTIONS.get(route.method() + " " + route.pattern());
    Durations durations = action == null ? null : durations(action);
    if (durations != null) {
      durations.add(nanos);
    }
  }

  private @Nullable Durations durations(Action action) {
    return byKind.getOrDefault(action.kind(), Map.of()).get(action.name());
  }
}
