package dev.berth.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.Durations;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The names and values that Prometheus reads. */
class FamiliesTest {
  private static String text(MetricSnapshot... families) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, MetricSnapshots.of(families));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void namesAreThoseOfDockerd() throws IOException {
    assertThat(
            text(
                Families.gauge("engine_daemon_events_subscribers_total", "h", 2),
                Families.counter("engine_daemon_events", "h", 3)))
        .contains("engine_daemon_events_subscribers_total 2.0\n")
        .contains("engine_daemon_events_total 3.0\n");
  }

  @Test
  void labelsAreEscaped() throws IOException {
    assertThat(text(Families.gauge("g", "h", Map.of(Labels.of("volume", "a\"b\\c"), 1.0))))
        .contains("g{volume=\"a\\\"b\\\\c\"} 1.0\n");
  }

  @Test
  void classesOfDurationsAddUp() throws IOException {
    Durations start = Durations.ofActions();
    start.add(7_000_000);
    start.add(20_000_000_000L);
    assertThat(text(Families.durations("took_seconds", "h", "action", Map.of("start", start))))
        .contains("took_seconds_bucket{action=\"start\",le=\"0.005\"} 0\n")
        .contains("took_seconds_bucket{action=\"start\",le=\"0.01\"} 1\n")
        .contains("took_seconds_bucket{action=\"start\",le=\"10.0\"} 1\n")
        .contains("took_seconds_bucket{action=\"start\",le=\"+Inf\"} 2\n")
        .contains("took_seconds_count{action=\"start\"} 2\n");
  }
}
