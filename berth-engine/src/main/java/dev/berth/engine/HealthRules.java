package dev.berth.engine;

import dev.berth.engine.ContainerStatus.Health;
import dev.berth.engine.ContainerStatus.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What health probes mean.
 *
 * @param command the program and its arguments
 * @param interval between two probes
 * @param timeout of one probe
 * @param startPeriod in which failures do not count until the first success
 * @param startInterval between two probes in the start period
 * @param retries failures in a row that make it unhealthy
 */
record HealthRules(
    List<String> command,
    Duration interval,
    Duration timeout,
    Duration startPeriod,
    Duration startInterval,
    int retries) {
  static final String STARTING = "starting";
  static final String HEALTHY = "healthy";
  static final String UNHEALTHY = "unhealthy";
  static final Health INITIAL = new Health(STARTING, 0, List.of());
  static final int OUTPUT_BYTES = 4096;

  private static final int REMEMBERED = 5;
  private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);
  private static final Duration DEFAULT_START_INTERVAL = Duration.ofSeconds(5);
  private static final int DEFAULT_RETRIES = 3;
  private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

  /** The rules of a configuration, or null when it asks for no probes. */
  static @Nullable HealthRules of(ContainerConfig config) {
    ContainerConfig.Healthcheck check = config.healthcheck();
    if (check == null || check.test() == null || check.test().isEmpty()) {
      return null;
    }
    List<String> command = command(check.test(), config.command().shell());
    if (command.isEmpty()) {
      return null;
    }
    return new HealthRules(
        command,
        orDefault(check.intervalNanos(), DEFAULT_INTERVAL),
        orDefault(check.timeoutNanos(), DEFAULT_INTERVAL),
        Duration.ofNanos(check.startPeriodNanos()),
        orDefault(check.startIntervalNanos(), DEFAULT_START_INTERVAL),
        check.retries() > 0 ? check.retries() : DEFAULT_RETRIES);
  }

  private static List<String> command(List<String> test, @Nullable List<String> shell) {
    List<String> rest = test.subList(1, test.size());
    return switch (test.getFirst()) {
      case "CMD" -> rest;
      case "CMD-SHELL" -> {
        List<String> whole =
            new ArrayList<>(shell == null || shell.isEmpty() ? DEFAULT_SHELL : shell);
        whole.addAll(rest);
        yield whole;
      }
      default -> List.of();
    };
  }

  private static Duration orDefault(long nanos, Duration standard) {
    return nanos == 0 ? standard : Duration.ofNanos(nanos);
  }

  /**
   * How long to wait for the next probe.
   *
   * @param sinceStart of the process
   */
  Duration pause(Health health, Duration sinceStart) {
    boolean starting = health.status().equals(STARTING) && sinceStart.compareTo(startPeriod) < 0;
    return starting && startInterval.compareTo(interval) < 0 ? startInterval : interval;
  }

  /** The health after one more probe of a process that started that long before the probe. */
  Health after(Health health, Probe probe, Duration sinceStart) {
    List<Probe> log = new ArrayList<>(health.log());
    log.add(probe);
    while (log.size() > REMEMBERED) {
      log.removeFirst();
    }
    List<Probe> remembered = List.copyOf(log);
    if (probe.exitCode() == 0) {
      return new Health(HEALTHY, 0, remembered);
    }
    boolean forgiven = health.status().equals(STARTING) && sinceStart.compareTo(startPeriod) < 0;
    if (forgiven) {
      return new Health(STARTING, health.failingStreak(), remembered);
    }
    int streak = health.failingStreak() + 1;
    return new Health(streak >= retries ? UNHEALTHY : health.status(), streak, remembered);
  }
}
