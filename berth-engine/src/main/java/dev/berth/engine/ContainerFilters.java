package dev.berth.engine;

import dev.berth.core.EngineException;
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
  private final List<PortRange> published;
  private final List<PortRange> exposed;

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
    filters.choice("is-task");
    this.published = portRanges("publish");
    this.exposed = portRanges("expose");
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
            && hasPort(container)
            && !filters.choice("is-task").orElse(false)
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

  /** Published or exposed: of a container that does not run, no port is either. */
  private boolean hasPort(Container container) {
    return (published.isEmpty() && exposed.isEmpty())
        || published.stream().anyMatch(range -> publishes(container, range))
        || exposed.stream().anyMatch(range -> exposes(container, range));
  }

  private static boolean publishes(Container container, PortRange range) {
    return container.ports().entrySet().stream()
        .anyMatch(entry ->
            entry.getValue() != null
                && PortRules.containerPort(entry.getKey()).protocol().equals(range.protocol())
                && entry.getValue().stream()
                    .anyMatch(host -> range.has(Integer.parseInt(host.hostPort()))));
  }

  private static boolean exposes(Container container, PortRange range) {
    return container.ports().keySet().stream()
        .map(PortRules::containerPort)
        .anyMatch(port -> port.protocol().equals(range.protocol()) && range.has(port.number()));
  }

  private List<PortRange> portRanges(String key) {
    return filters.of(key).stream().map(value -> PortRange.parse(key, value)).toList();
  }

  /** Ports that a filter asks for. */
  private record PortRange(int first, int last, String protocol) {
    private static final int LARGEST = 65_535;

    private static PortRange parse(String key, String text) {
      if (text.contains(":")) {
        throw EngineException.internal(
            "filter for '" + key + "' should not contain ':': " + text, null);
      }
      int slash = text.indexOf('/');
      String ports = slash < 0 ? text : text.substring(0, slash);
      String protocol = slash < 0 || slash == text.length() - 1 ? "tcp" : text.substring(slash + 1);
      try {
        return of(ports, protocol);
      } catch (IllegalArgumentException unreadable) {
        throw EngineException.internal(
            "error while looking up for " + key + " " + text + ": " + unreadable.getMessage(),
            unreadable);
      }
    }

    private static PortRange of(String ports, String protocol) {
      if (ports.isEmpty()) {
        throw new IllegalArgumentException("empty string specified for ports");
      }
      int dash = ports.indexOf('-');
      int first = number(dash < 0 ? ports : ports.substring(0, dash));
      int last = dash < 0 ? first : number(ports.substring(dash + 1));
      if (last < first) {
        throw new IllegalArgumentException("invalid range specified for port: " + ports);
      }
      return new PortRange(first, last, protocol);
    }

    private static int number(String text) {
      if (!text.matches("[0-9]{1,9}")) {
        throw new IllegalArgumentException(
            "strconv.ParseUint: parsing \"" + text + "\": invalid syntax");
      }
      int number = Integer.parseInt(text);
      if (number > LARGEST) {
        throw new IllegalArgumentException(
            "strconv.ParseUint: parsing \"" + text + "\": value out of range");
      }
      return number;
    }

    private boolean has(int port) {
      return port >= first && port <= last;
    }
  }

  private boolean descends(Container container, List<String> ancestors) {
    if (ancestors.isEmpty()) {
      return false;
    }
    Set<String> images = lookups.imageAndAncestors().apply(container);
    return ancestors.stream().anyMatch(images::contains);
  }
}
