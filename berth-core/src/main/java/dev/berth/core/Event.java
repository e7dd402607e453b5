package dev.berth.core;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened, as {@code docker events} shows it.
 *
 * @param type what kind of thing it happened to
 * @param action Docker's word, for instance {@code create}, {@code die} or {@code exec_start: sh}
 * @param actorId the id of the thing; for a volume or image its name or id as Docker reports it
 * @param attributes further facts, such as {@code name}, {@code exitCode} or the labels
 * @param time when it happened
 */
public record Event(
    Type type, String action, String actorId, Map<String, String> attributes, Instant time) {

  /** Copies the attributes. */
  public Event {
    attributes = Map.copyOf(attributes);
  }

  /** The kinds of things that events are about. */
  public enum Type {
    /** A container. */
    CONTAINER,
    /** An image. */
    IMAGE,
    /** A network. */
    NETWORK,
    /** A volume. */
    VOLUME,
    /** The engine itself. */
    DAEMON,
    /** A plugin. */
    PLUGIN,
    /** The build cache. */
    BUILDER
  }
}
