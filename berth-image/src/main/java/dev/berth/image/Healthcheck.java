package dev.berth.image;

import java.time.Duration;
import java.util.List;

/**
 * How to find out whether a container works.
 *
 * @param test empty to inherit; else {@code NONE}, {@code CMD} with arguments or {@code CMD-SHELL}
 *     with a line
 * @param interval between two probes; zero to inherit
 * @param timeout of one probe; zero to inherit
 * @param startPeriod in which failures do not count; zero to inherit
 * @param startInterval between probes in the start period; zero to inherit
 * @param retries consecutive failures that make it unhealthy; 0 to inherit
 */
public record Healthcheck(
    List<String> test,
    Duration interval,
    Duration timeout,
    Duration startPeriod,
    Duration startInterval,
    int retries) {

  /** Copies the test. */
  public Healthcheck {
    test = List.copyOf(test);
  }
}
