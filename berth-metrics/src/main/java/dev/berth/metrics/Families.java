package dev.berth.metrics;

import dev.berth.core.Durations;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Families of figures in the library's words. */
final class Families {
  private Families() {}

  /**
   * A figure that goes up and down, with one value for each set of labels.
   *
   * @param name as it is shown
   */
  static MetricSnapshot gauge(String name, String help, Map<Labels, Double> values) {
    GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
    values.forEach((labels, value) ->
        family.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    return family.build();
  }

  /** One that has no labels. */
  static MetricSnapshot gauge(String name, String help, double value) {
    return gauge(name, help, Map.of(Labels.EMPTY, value));
  }

  /**
   * A figure that only grows.
   *
   * @param name as it is shown, without {@code _total}
   */
  static MetricSnapshot counter(String name, String help, Map<Labels, Double> values) {
    CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
    values.forEach((labels, value) ->
        family.dataPoint(CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
    return family.build();
  }

  /** One that has no labels. */
  static MetricSnapshot counter(String name, String help, double value) {
    return counter(name, help, Map.of(Labels.EMPTY, value));
  }

  /**
   * Durations, by the value of one label.
   *
   * @param label its name
   */
  static MetricSnapshot durations(
      String name, String help, String label, Map<String, Durations> values) {
    HistogramSnapshot.Builder family = HistogramSnapshot.builder().name(name).help(help);
    new TreeMap<>(values)
        .forEach((value, durations) ->
            family.dataPoint(durations(Labels.of(label, value), durations)));
    return family.build();
  }

  /** Durations without labels. */
  static MetricSnapshot durations(String name, String help, Durations values) {
    return HistogramSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(durations(Labels.EMPTY, values))
        .build();
  }

  private static HistogramDataPointSnapshot durations(Labels labels, Durations durations) {
    Durations.Snapshot snapshot = durations.snapshot();
    double[] bounds = Arrays.copyOf(snapshot.boundsSeconds(), snapshot.counts().length);
    bounds[bounds.length - 1] = Double.POSITIVE_INFINITY;
    return HistogramDataPointSnapshot.builder()
        .labels(labels)
        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, snapshot.counts()))
        .sum(snapshot.totalSeconds())
        .build();
  }
}
