package dev.berth.metrics;

import dev.berth.core.SharedWork;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * All figures at a moment, in the text form of Prometheus or that of OpenMetrics. Nothing is
 * counted here and nothing is walked: who asks reads counters, one small file of each running
 * container, and the sizes of volumes as they were measured last. Several who ask at once share one
 * collection. Safe for use by any thread.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">the forms</a>
 */
public final class Metrics {
  private final EngineMetrics engine;
  private final EndpointMetrics endpoints;
  private final VolumeMetrics volumes;
  private final InternalMetrics internals;
  private final PrometheusRegistry machine;
  private final ExpositionFormats formats;
  private final SharedWork<MetricSnapshots> collection = new SharedWork<>(this::collect);

  private Metrics(
      MetricsSources sources, PrometheusRegistry machine, ExpositionFormats formats) {
    this.engine = new EngineMetrics(sources);
    this.endpoints = new EndpointMetrics(sources.engine().stats());
    this.volumes = new VolumeMetrics(new VolumeSizes(sources.engine().volumes()));
    this.internals = new InternalMetrics(sources);
    this.machine = machine;
    this.formats = formats;
  }

  /** Figures from these sources and from the virtual machine, which takes some 100 ms once. */
  public static Metrics of(MetricsSources sources) {
    PrometheusRegistry machine = new PrometheusRegistry();
    JvmMetrics.builder().register(machine);
    return new Metrics(sources, machine, ExpositionFormats.init());
  }

  /**
   * The type of what {@link #write} writes.
   *
   * @param accepted the header Accept of who asks; empty for none
   */
  public String contentType(String accepted) {
    return writer(accepted).getContentType();
  }

  /** Writes all figures. */
  public void write(String accepted, OutputStream out) throws IOException {
    writer(accepted).write(out, collection.get());
  }

  private ExpositionFormatWriter writer(String accepted) {
    ExpositionFormatWriter open = formats.getOpenMetricsTextFormatWriter();
    return open.accepts(accepted) ? open : formats.getPrometheusTextFormatWriter();
  }

  private MetricSnapshots collect() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    machine.scrape().forEach(all::metricSnapshot);
    for (List<MetricSnapshot> part :
        List.of(engine.collect(), endpoints.collect(), volumes.collect(), internals.collect())) {
      part.forEach(all::metricSnapshot);
    }
    return all.build();
  }
}
