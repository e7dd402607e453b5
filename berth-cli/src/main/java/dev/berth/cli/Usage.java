package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** One reading of a container's use, as cells of a table. */
final class Usage {
  private Usage() {}

  static String[] cells(JsonNode stats, boolean whole) {
    double used = memory(stats.path("memory_stats"));
    double limit = stats.path("memory_stats").path("limit").asDouble();
    double received = 0;
    double sent = 0;
    for (JsonNode network : stats.path("networks")) {
      received += network.path("rx_bytes").asDouble();
      sent += network.path("tx_bytes").asDouble();
    }
    String id = stats.path("id").asText();
    String name = stats.path("name").asText();
    return new String[] {
      whole ? id : Units.shortId(id),
      name.startsWith("/") ? name.substring(1) : name,
      percent(processor(stats)),
      Units.binary(used) + " / " + Units.binary(limit),
      percent(limit == 0 ? 0 : used / limit * 100),
      Units.decimal(received) + " / " + Units.decimal(sent),
      Units.decimal(blocks(stats, "read")) + " / " + Units.decimal(blocks(stats, "write")),
      stats.path("pids_stats").path("current").asText("0")
    };
  }

  /** What is used without the page cache that the kernel would give back. */
  private static double memory(JsonNode memory) {
    double usage = memory.path("usage").asDouble();
    JsonNode detail = memory.path("stats");
    double inactive =
        detail.has("total_inactive_file")
            ? detail.path("total_inactive_file").asDouble()
            : detail.path("inactive_file").asDouble();
    return inactive < usage ? usage - inactive : usage;
  }

  private static double processor(JsonNode stats) {
    JsonNode now = stats.path("cpu_stats");
    JsonNode before = stats.path("precpu_stats");
    double used = total(now) - total(before);
    double system =
        now.path("system_cpu_usage").asDouble() - before.path("system_cpu_usage").asDouble();
    double processors = Math.max(now.path("online_cpus").asDouble(), 1);
    return used > 0 && system > 0 ? used / system * processors * 100 : 0;
  }

  private static double total(JsonNode cpu) {
    return cpu.path("cpu_usage").path("total_usage").asDouble();
  }

  private static double blocks(JsonNode stats, String operation) {
    double bytes = 0;
    for (JsonNode entry : stats.path("blkio_stats").path("io_service_bytes_recursive")) {
      if (entry.path("op").asText().equalsIgnoreCase(operation)) {
        bytes += entry.path("value").asDouble();
      }
    }
    return bytes;
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.2f%%", value);
  }
}
