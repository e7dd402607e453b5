package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * One reading of a container's use.
 *
 * @param container as the user named it
 * @param stats the engine's answer
 */
record Usage(String container, JsonNode stats) {
  private static final String NONE = "--";

  static Listing<Usage> listing(boolean cut) {
    return new Listing<Usage>("*container.statsContext")
        .column("Container", "CONTAINER", Usage::container)
        .column("Name", "NAME", Usage::name)
        .column("ID", "CONTAINER ID", usage -> usage.id(cut))
        .column("CPUPerc", "CPU %", usage -> percent(processor(usage.stats)))
        .column("MemUsage", "MEM USAGE / LIMIT", Usage::memoryUse)
        .column("MemPerc", "MEM %", Usage::memoryShare)
        .column("NetIO", "NET I/O", Usage::network)
        .column("BlockIO", "BLOCK I/O", Usage::blockDevices)
        .column("PIDs", "PIDS", usage -> usage.stats.path("pids_stats").path("current").asText("0"));
  }

  private String name() {
    String name = stats.path("name").asText();
    return name.length() > 1 ? name.replaceFirst("^/", "") : NONE;
  }

  private String id(boolean cut) {
    String id = stats.path("id").asText();
    return cut ? Units.shortId(id) : id;
  }

  private double limit() {
    return stats.path("memory_stats").path("limit").asDouble();
  }

  private String memoryUse() {
    return Units.binary(memory(stats.path("memory_stats"))) + " / " + Units.binary(limit());
  }

  private String memoryShare() {
    return percent(limit() == 0 ? 0 : memory(stats.path("memory_stats")) / limit() * 100);
  }

  private String network() {
    double received = 0;
    double sent = 0;
    for (JsonNode network : stats.path("networks")) {
      received += network.path("rx_bytes").asDouble();
      sent += network.path("tx_bytes").asDouble();
    }
    return Units.decimal(received) + " / " + Units.decimal(sent);
  }

  private String blockDevices() {
    return Units.decimal(blocks(stats, "read")) + " / " + Units.decimal(blocks(stats, "write"));
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
