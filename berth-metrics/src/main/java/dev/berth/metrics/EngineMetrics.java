package dev.berth.metrics;

import dev.berth.core.Durations;
import dev.berth.engine.Engine;
import dev.berth.engine.EventJournal;
import dev.berth.engine.SystemInfo;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What dockerd tells, under dockerd's names, so that dashboards made for it go on. */
final class EngineMetrics {
  private static final String PREFIX = "engine_daemon_";

  private final MetricsSources sources;

  EngineMetrics(MetricsSources sources) {
    this.sources = sources;
  }

  List<MetricSnapshot> collect() {
    Engine engine = sources.engine();
    SystemInfo.Summary summary = engine.system().summary();
    EventJournal.Figures events = engine.events().figures();
    Engine.HealthChecks checks = engine.healthChecks();
    return List.of(
        states(summary),
        info(summary),
        Families.gauge(
            PREFIX + "engine_cpus_cpus",
            "The number of cpus that the host system of the engine has",
            summary.machine().cpus()),
        Families.gauge(
            PREFIX + "engine_memory_bytes",
            "The number of bytes of memory that the host system of the engine has",
            summary.machine().memoryBytes()),
        Families.counter(PREFIX + "events", "The number of events logged", events.published()),
        Families.gauge(
            PREFIX + "events_subscribers_total",
            "The number of current subscribers to events",
            events.subscribers()),
        Families.counter(
            PREFIX + "health_checks", "The total number of health checks", checks.done()),
        Families.counter(
            PREFIX + "health_checks_failed",
            "The total number of failed health checks",
            checks.failed()),
        actions("container_actions", "to process each container action", "action"),
        actions("network_actions", "to process each network action", "action"),
        actions("image_actions", "to process each image action", "action"),
        actions(
            "host_info_functions", "to call functions gathering info about the host", "function"),
        Families.counter(
            "builder_builds_triggered", "Number of triggered image builds", builds()));
  }

  private static MetricSnapshot states(SystemInfo.Summary summary) {
    return Families.gauge(
        PREFIX + "container_states_containers",
        "The count of containers in various states",
        Map.of(
            Labels.of("state", "running"), (double) summary.running(),
            Labels.of("state", "paused"), (double) summary.paused(),
            Labels.of("state", "stopped"), (double) summary.stopped()));
  }

  private MetricSnapshot info(SystemInfo.Summary summary) {
    SystemInfo.Machine machine = summary.machine();
    Labels labels =
        Labels.of(
            "version", sources.build().version(),
            "commit", sources.build().commit(),
            "architecture", machine.architecture(),
            "graphdriver", sources.engine().storageDriver(),
            "kernel", machine.kernelVersion(),
            "os", machine.operatingSystem(),
            "os_type", "linux",
            "os_version", machine.operatingSystemVersion(),
            "daemon_id", summary.engineId());
    return InfoSnapshot.builder()
        .name(PREFIX + "engine")
        .help("The information related to the engine and the OS it is running on")
        .dataPoint(InfoDataPointSnapshot.builder().labels(labels).build())
        .build();
  }

  private MetricSnapshot actions(String kind, String what, String label) {
    return Families.durations(
        PREFIX + kind + "_seconds",
        "The number of seconds it takes " + what,
        label,
        sources.actions().getOrDefault(kind, Map.of()));
  }

  private double builds() {
    Durations served = sources.actions().getOrDefault("builds", Map.of()).get("build");
    return served == null ? 0 : Arrays.stream(served.snapshot().counts()).sum();
  }
}
