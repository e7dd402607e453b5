package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.core.Event;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Which events a client wants. */
final class EventFilter implements Predicate<Event> {
  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "event",
          "action",
          "container",
          "image",
          "network",
          "volume",
          "plugin",
          "label",
          "daemon",
          "scope",
          "node",
          "service",
          "secret",
          "config");

  private static final List<String> ACTORS =
      List.of(
          "container",
          "network",
          "volume",
          "plugin",
          "daemon",
          "node",
          "service",
          "secret",
          "config");

  private final Filters filters;

  /**
   * @throws EngineException INVALID for keys that are not known
   */
  EventFilter(Filters filters) {
    this.filters = filters.requireOnly(KNOWN);
  }

  @Override
  public boolean test(Event event) {
    return any("type", value -> value.equals(typeWord(event)))
        && any("scope", value -> value.equals("local"))
        && any("event", value -> isAction(event, value))
        && any("action", value -> isAction(event, value))
        && ACTORS.stream().allMatch(actor -> any(actor, value -> names(event, value)))
        && any("image", value -> isImage(event, value))
        && filters.labels(event.attributes());
  }

  private boolean any(String key, Predicate<String> matches) {
    List<String> values = filters.of(key);
    return values.isEmpty() || values.stream().anyMatch(matches);
  }

  static String typeWord(Event event) {
    return event.type().name().toLowerCase(Locale.ROOT);
  }

  private static boolean isAction(Event event, String wanted) {
    return event.action().equals(wanted) || event.action().startsWith(wanted + ":");
  }

  /** Docker's rule: the beginning of an id or a name, whatever kind of thing has it. */
  private static boolean names(Event event, String wanted) {
    return event.actorId().startsWith(wanted)
        || event.attributes().getOrDefault("name", "").startsWith(wanted);
  }

  private static boolean isImage(Event event, String wanted) {
    Map<String, String> attributes = event.attributes();
    String name =
        switch (event.type()) {
          case CONTAINER -> attributes.getOrDefault("image", "");
          case IMAGE -> attributes.getOrDefault("name", "");
          default -> "";
        };
    boolean relevant = event.type() == Event.Type.CONTAINER || event.type() == Event.Type.IMAGE;
    return relevant
        && (event.actorId().equals(wanted)
            || name.equals(wanted)
            || withoutTag(name).equals(wanted));
  }

  private static String withoutTag(String reference) {
    int colon = reference.lastIndexOf(':');
    return colon > reference.lastIndexOf('/') ? reference.substring(0, colon) : reference;
  }
}
