package dev.berth.plugin;

import java.time.Duration;

/**
 * How long to wait for a plugin.
 *
 * @param change for the answer to a call that makes, removes or mounts
 * @param question for the answer to any other call
 * @param greeting for a plugin that is just starting to take its first connection
 */
public record PluginPatience(Duration change, Duration question, Duration greeting) {
  /** What Docker grants for answers. */
  public static final PluginPatience DEFAULT =
      new PluginPatience(Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofSeconds(3));
}
