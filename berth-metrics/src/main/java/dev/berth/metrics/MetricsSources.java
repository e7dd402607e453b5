package dev.berth.metrics;

import dev.berth.core.Durations;
import dev.berth.engine.Engine;
import dev.berth.network.dns.DnsFigures;
import java.util.Map;

/**
 * Where figures come from; all of them are counted whether or not anybody looks.
 *
 * @param engine containers, networks, volumes, events
 * @param actions what clients asked for, by kind and name
 * @param commits of the state store
 * @param names of the name service
 * @param build the engine's version and commit
 */
public record MetricsSources(
    Engine engine,
    Map<String, Map<String, Durations>> actions,
    Durations commits,
    DnsFigures names,
    Build build) {

  /** Copies the map. */
  public MetricsSources {
    actions = Map.copyOf(actions);
  }

  /**
   * What the engine says about its own build.
   *
   * @param version such as {@code 0.1.0}
   * @param commit empty where it is not known
   */
  public record Build(String version, String commit) {}
}
