package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.PortRules.ContainerPort;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The filters of {@code docker ps}. */
final class ContainerFilters {
  private static final Set<String> KNOWN =
      Set.of(
          "ancestor",
          "before",
          "expose",
          "exited",
          "health",
          "id",
          "isolation",
          "label",
          "name",
          "network",
          "publish",
          "since",
          "status",
          "volume",
          "is-task");
  private static final Set<String> STATES =
      Set.of("created", "running", "paused", "restarting", "exited", "removing", "dead");
  private static final Set<String> HEALTH = Set.of("none", "starting", "healthy", "unhealthy");

  private final Filters filters;
  private final Lookups lookups;

  /**
   * What filters refer to outside of a container.
   *
   * @param created when a container was made, by its name, id or beginning of its id
   * @param imageAndAncestors ids of a container's image and of all images it stems from
   * @param imageId the id of an image by its reference, or null when there is none
   */
  record Lookups(
      java.util.function.Function<String, Instant> created,
      java.util.function.Function<Container, Set<String>> imageAndAncestors,
      java.util.function.Function<String, @Nullable String> imageId) {}

  /**
   * @throws EngineException INVALID with Docker's words
   */
  ContainerFilters(Filters filters, Lookups lookups) {
    this.filters = filters.requireOnly(KNOWN);
    this.lookups = lookups;
    requireOneOf("status", STATES);
    requireOneOf("health", HEALTH);
    for (String code : filters.of("exited")) {
      if (!code.matches("-?\\d{1,9}")) {
        throw EngineException.invalid("invalid filter 'exited=" + code + "'");
      }
    }
    filters.flag("is-task", false);
    filters.of("publish").forEach(ContainerFilters::portRange);
    filters.of("expose").forEach(ContainerFilters::portRange);
  }

  private void requireOneOf(String key, Set<String> allowed) {
    for (String value : filters.of(key)) {
      if (!allowed.contains(value)) {
        throw EngineException.invalid("invalid filter '" + key + "=" + value + "'");
      }
    }
  }

  /** Whether the list holds containers of all states. */
  boolean impliesAll() {
    return filters.has("status") || filters.has("exited");
  }

  /** What selects containers. */
  Predicate<Container> predicate() {
    Instant before = boundary("before");
    Instant since = boundary("since");
    List<String> ancestors =
        filters.of("ancestor").stream()
            .map(reference -> lookups.imageId().apply(reference))
            .filter(id -> id != null)
            .map(String::valueOf)
            .toList();
    return container ->
        any("id", value -> container.id().startsWith(value))
            && any("name", value -> matchesName(container, value))
            && filters.labels(labels(container))
            && any("status", value -> ContainerState.word(container.state()).equals(value))
            && any("exited", value -> exitedWith(container, Integer.parseInt(value)))
            && any("health", value -> health(container).equals(value))
            && any("isolation", value -> true)
            && any("volume", value -> mounts(container, value))
            && any("network", value -> isOn(container, value))
            && any("publish", value -> publishes(container, value))
            && any("expose", value -> exposes(container, value))
            && (!filters.has("is-task") || !filters.flag("is-task", false))
            && (before == null || container.definition().created().isBefore(before))
            && (since == null || container.definition().created().isAfter(since))
            && (!filters.has("ancestor") || descends(container, ancestors));
  }

  private @Nullable Instant boundary(String key) {
    Instant boundary = null;
    for (String reference : filters.of(key)) {
      boundary = lookups.created().apply(reference);
    }
    return boundary;
  }

  private boolean any(String key, Predicate<String> matches) {
    List<String> values = filters.of(key);
    return values.isEmpty() || values.stream().anyMatch(matches);
  }

  private static boolean matchesName(Container container, String expression) {
    try {
      Pattern pattern = Pattern.compile(expression);
      return pattern.matcher(container.name()).find()
          || pattern.matcher("/" + container.name()).find();
    } catch (PatternSyntaxException invalid) {
      return false;
    }
  }

  private static Map<String, String> labels(Container container) {
    Map<String, String> labels = container.definition().effective().config().identity().labels();
    return labels == null ? Map.of() : labels;
  }

  private static boolean exitedWith(Container container, int code) {
    return switch (container.state()) {
      case ContainerState.Exited exited -> exited.last().exitCode() == code;
      case ContainerState.Dead dead -> dead.last() != null && dead.last().exitCode() == code;
      default -> false;
    };
  }

  private static String health(Container container) {
    ContainerStatus.Health health = container.health();
    return health == null ? "none" : health.status();
  }

  private static boolean mounts(Container container, String wanted) {
    return container.definition().mounts().stream()
        .anyMatch(mount ->
            mount.name().equals(wanted)
                || mount.destination().equals(wanted)
                || (mount.name().isEmpty() && mount.source().equals(wanted)));
  }

  private static boolean isOn(Container container, String wanted) {
    return container.status().endpoints().entrySet().stream()
        .anyMatch(entry ->
            entry.getKey().equals(wanted)
                || (!entry.getValue().networkId().isEmpty()
                    && entry.getValue().networkId().startsWith(wanted)));
  }

  private static boolean publishes(Container container, String wanted) {
    Range range = portRange(wanted);
    return container.ports().entrySet().stream()
        .anyMatch(entry ->
            entry.getValue() != null
                && entry.getKey().endsWith("/" + range.protocol())
                && entry.getValue().stream().anyMatch(host -> range.has(host.hostPort())));
  }

  private static boolean exposes(Container container, String wanted) {
    Range range = portRange(wanted);
    Set<String> exposed = container.definition().effective().config().exposedPorts();
    return exposed != null
        && exposed.stream()
            .map(PortRules::containerPort)
            .anyMatch((ContainerPort port) ->
                port.protocol().equals(range.protocol())
                    && port.number() >= range.first()
                    && port.number() <= range.last());
  }

  private record Range(int first, int last, String protocol) {
    boolean has(String port) {
      return !port.isEmpty() && Integer.parseInt(port) >= first && Integer.parseInt(port) <= last;
    }
  }

  private static Range portRange(String text) {
    int slash = text.indexOf('/');
    PortRules.HostPorts ports = PortRules.hostPorts(slash < 0 ? text : text.substring(0, slash));
    String protocol = slash < 0 ? "tcp" : text.substring(slash + 1);
    return new Range(ports.first(), ports.last(), protocol);
  }

  private boolean descends(Container container, List<String> ancestors) {
    if (ancestors.isEmpty()) {
      return false;
    }
    Set<String> images = lookups.imageAndAncestors().apply(container);
    return ancestors.stream().anyMatch(images::contains);
  }
}
