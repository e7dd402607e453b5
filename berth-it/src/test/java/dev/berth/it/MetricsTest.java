package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Figures as Prometheus reads them. */
@Tag("blackbox")
class MetricsTest {
  private static final String URL = "http://127.0.0.1:23762/metrics";

  private static Scene scene;

  @BeforeAll
  static void start() {
    scene = Scene.open("--metrics-addr", "127.0.0.1:23762");
  }

  @AfterAll
  static void stop() {
    scene.close();
  }

  private static Command.Result get(String accepted) {
    return scene
        .engine()
        .onHost("curl", "-sS", "-i", "-H", "Accept: " + accepted, URL)
        .run()
        .ok();
  }

  private static String figures() {
    return get("text/plain").text();
  }

  private static double value(String series) {
    return figures()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(-1);
  }

  @Test
  void tellsWhatDockerdTells() {
    scene.engine().docker("run", "-d", "--name", "seen", "busybox", "sleep", "600").run().ok();
    try {
      String figures = figures();
      assertThat(figures)
          .contains("engine_daemon_engine_info{")
          .contains("version=\"0.1.0\"")
          .contains("engine_daemon_engine_cpus_cpus ")
          .contains("engine_daemon_engine_memory_bytes ")
          .contains("engine_daemon_health_checks_total ")
          .contains("engine_daemon_events_subscribers_total ")
          .contains("engine_daemon_container_actions_seconds_bucket{action=\"create\",le=\"0.005\"}")
          .contains("process_cpu_seconds_total ")
          .contains("jvm_memory_used_bytes");
      assertThat(value("engine_daemon_container_states_containers{state=\"running\"}"))
          .isEqualTo(1);
      assertThat(value("engine_daemon_container_actions_seconds_count{action=\"start\"}"))
          .isPositive();
      assertThat(value("engine_daemon_events_total")).isPositive();
      assertThat(value("berth_store_commit_seconds_count")).isPositive();
      assertThat(value("berth_netlink_requests_total")).isPositive();
    } finally {
      scene.engine().docker("rm", "-f", "seen").run();
    }
  }

  @Test
  void countsWhatEachEndpointCarries() {
    scene.engine().docker("network", "create", "counted").run().ok();
    scene
        .engine()
        .docker("run", "-d", "--name", "carrier", "--network", "counted", "busybox", "sleep", "600")
        .run()
        .ok();
    try {
      scene.engine().docker("exec", "carrier", "ping", "-c", "2", "carrier").run();
      String gateway = scene.endpoint("carrier", "counted").path("Gateway").asText();
      scene.engine().docker("exec", "carrier", "ping", "-c", "3", gateway).run().ok();
      String sent =
          figures()
              .lines()
              .filter(line -> line.startsWith("berth_endpoint_transmit_packets_total{"))
              .filter(line -> line.contains("container=\"carrier\""))
              .findFirst()
              .orElseThrow();
      assertThat(sent).contains("network=\"counted\"").contains("interface=\"eth0\"");
      assertThat(Double.parseDouble(sent.substring(sent.lastIndexOf(' ') + 1)))
          .isGreaterThanOrEqualTo(3);
    } finally {
      scene.engine().docker("rm", "-f", "carrier").run();
      scene.engine().docker("network", "rm", "counted").run();
    }
  }

  @Test
  void speaksBothForms() {
    assertThat(get("text/plain").text().toLowerCase(Locale.ROOT))
        .contains("content-type: text/plain; version=0.0.4");
    Command.Result open = get("application/openmetrics-text; version=1.0.0");
    assertThat(open.text().toLowerCase(Locale.ROOT))
        .contains("content-type: application/openmetrics-text");
    assertThat(open.text().strip()).endsWith("# EOF");
  }
}
