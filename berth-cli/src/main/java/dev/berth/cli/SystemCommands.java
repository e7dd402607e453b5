package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on the engine itself, and {@code inspect} of anything. */
final class SystemCommands {
  private SystemCommands() {}

  /** Shows the versions of client and engine. */
  @Command(name = "version", description = "Show the Berth version information.")
  static final class Version extends Base {
    @Option(
        names = {"-f", "--format"},
        description = "Not supported yet.")
    @Nullable String format;

    @Override
    public Integer call() {
      refuseFormat(format);
      out().println("Client: Berth");
      out().println(" API version:       1.51");
      out().println(" Java version:      " + System.getProperty("java.version"));
      out().println(" OS/Arch:           linux/" + System.getProperty("os.arch"));
      JsonNode version = engine().get("/version");
      out().println();
      out().println("Server: " + version.path("Platform").path("Name").asText("Berth"));
      out().println(" Engine:");
      line("Version", version.path("Version"));
      line("API version", version.path("ApiVersion"));
      line("Minimum API", version.path("MinAPIVersion"));
      line("Git commit", version.path("GitCommit"));
      line(
          "OS/Arch",
          Json.MAPPER
              .getNodeFactory()
              .textNode(version.path("Os").asText() + "/" + version.path("Arch").asText()));
      line("Kernel", version.path("KernelVersion"));
      return 0;
    }

    private void line(String name, JsonNode value) {
      if (!value.asText().isEmpty()) {
        out().printf("  %-17s %s%n", name + ":", value.asText());
      }
    }
  }

  /** Shows facts of the engine and its host. */
  @Command(name = "info", description = "Display system-wide information.")
  static final class Info extends Base {
    @Option(
        names = {"-f", "--format"},
        description = "Not supported yet.")
    @Nullable String format;

    @Override
    public Integer call() {
      refuseFormat(format);
      JsonNode info = engine().get("/info");
      out().println("Server:");
      line("Containers", info.path("Containers"));
      line(" Running", info.path("ContainersRunning"));
      line(" Paused", info.path("ContainersPaused"));
      line(" Stopped", info.path("ContainersStopped"));
      line("Images", info.path("Images"));
      line("Server Version", info.path("ServerVersion"));
      line("Storage Driver", info.path("Driver"));
      line("Logging Driver", info.path("LoggingDriver"));
      line("Cgroup Driver", info.path("CgroupDriver"));
      line("Cgroup Version", info.path("CgroupVersion"));
      line("Default Runtime", info.path("DefaultRuntime"));
      line("Kernel Version", info.path("KernelVersion"));
      line("Operating System", info.path("OperatingSystem"));
      line("Architecture", info.path("Architecture"));
      line("CPUs", info.path("NCPU"));
      out().println(" Total Memory: " + Units.binary(info.path("MemTotal").asDouble()));
      line("Name", info.path("Name"));
      line("ID", info.path("ID"));
      line("Docker Root Dir", info.path("DockerRootDir"));
      line("Debug Mode", info.path("Debug"));
      out().println(" Labels:");
      info.path("Labels").forEach(label -> out().println("  " + label.asText()));
      line("Live Restore Enabled", info.path("LiveRestoreEnabled"));
      info.path("Warnings").forEach(warning -> err().println(warning.asText()));
      return 0;
    }

    private void line(String name, JsonNode value) {
      out().println(" " + name + ": " + value.asText());
    }
  }

  /** Prints events as they happen. */
  @Command(name = "events", description = "Get real time events from the server.")
  static final class Events extends Base {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnnxxx");

    @Option(
        names = {"-f", "--filter"},
        description = "Show only what fits.")
    List<String> filter = List.of();

    @Option(names = "--since", description = "Show what happened after a time or in the last 10m.")
    @Nullable String since;

    @Option(names = "--until", description = "Stop at a time.")
    @Nullable String until;

    @Option(names = "--format", description = "Only json.")
    @Nullable String format;

    @Override
    public Integer call() throws IOException {
      boolean json = "json".equals(format) || "{{json .}}".equals(format);
      if (!json) {
        refuseFormat(format);
      }
      Query query =
          Query.none()
              .with("since", Moments.parameter(since))
              .with("until", Moments.parameter(until))
              .withFilters(filter);
      try (HttpExchange exchange = engine().open("GET", "/events" + query, null, Map.of());
          MappingIterator<JsonNode> events =
              Json.MAPPER.readerFor(JsonNode.class).readValues(exchange.body())) {
        while (events.hasNextValue()) {
          JsonNode event = events.nextValue();
          out().println(json ? event.toString() : line(event));
        }
      }
      return 0;
    }

    private static String line(JsonNode event) {
      long nanoseconds = event.path("timeNano").asLong();
      Instant time = Instant.ofEpochSecond(0, nanoseconds);
      Map<String, String> attributes = new TreeMap<>();
      event
          .path("Actor")
          .path("Attributes")
          .properties()
          .forEach(entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
      List<String> pairs = new ArrayList<>();
      attributes.forEach((key, value) -> pairs.add(key + "=" + value));
      return TIME.format(time.atZone(ZoneId.systemDefault()))
          + " "
          + event.path("Type").asText()
          + " "
          + event.path("Action").asText()
          + " "
          + event.path("Actor").path("ID").asText()
          + (pairs.isEmpty() ? "" : " (" + String.join(", ", pairs) + ")");
    }
  }

  /** Shows how much disk everything takes. */
  @Command(name = "df", description = "Show docker disk usage.")
  static final class DiskUse extends Base {
    @Override
    public Integer call() {
      JsonNode usage = engine().get("/system/df");
      TextTable table = new TextTable("TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE");
      row(
          table,
          "Images",
          usage.path("Images"),
          "Size",
          image -> image.path("Containers").asInt() > 0);
      row(
          table,
          "Containers",
          usage.path("Containers"),
          "SizeRw",
          container -> container.path("State").asText().equals("running"));
      row(
          table,
          "Local Volumes",
          usage.path("Volumes"),
          "UsageData.Size",
          volume -> volume.path("UsageData").path("RefCount").asInt() > 0);
      row(
          table,
          "Build Cache",
          usage.path("BuildCache"),
          "Size",
          cache -> cache.path("InUse").asBoolean());
      table.print(out());
      return 0;
    }

    private static void row(
        TextTable table,
        String type,
        JsonNode items,
        String field,
        java.util.function.Predicate<JsonNode> used) {
      double total = 0;
      double free = 0;
      int active = 0;
      for (JsonNode item : items) {
        JsonNode node = item;
        for (String step : field.split("\\.", -1)) {
          node = node.path(step);
        }
        double size = Math.max(node.asDouble(), 0);
        total += size;
        if (used.test(item)) {
          active++;
        } else {
          free += size;
        }
      }
      String share = total > 0 ? " (" + Math.round(free / total * 100) + "%)" : "";
      table.row(
          type,
          Integer.toString(items.size()),
          Integer.toString(active),
          Units.decimal(total),
          Units.decimal(free) + share);
    }
  }

  /** Shows all that is known of anything with that name. */
  @Command(name = "inspect", description = "Return low-level information on Docker objects.")
  static final class Inspect extends Base {
    private static final List<String> KINDS = List.of("container", "image", "network", "volume");

    @Option(names = "--type", description = "container, image, network or volume.")
    @Nullable String type;

    @Option(
        names = {"-s", "--size"},
        description = "Show sizes of containers.")
    boolean size;

    @Option(
        names = {"-f", "--format"},
        description = "Not supported yet.")
    @Nullable String format;

    @Parameters(arity = "1..*", paramLabel = "NAME|ID")
    List<String> names = List.of();

    @Override
    public Integer call() {
      refuseFormat(format);
      if (type != null && !KINDS.contains(type)) {
        throw new CliException(1, "\"" + type + "\" is not a valid value for --type");
      }
      return inspectAll(names, "object", this::find);
    }

    private JsonNode find(String name) {
      for (String kind : type == null ? KINDS : List.of(type)) {
        try {
          return engine().get(path(kind, name), Query.none());
        } catch (ApiException refused) {
          if (refused.status() != 404) {
            throw refused;
          }
        }
      }
      throw new ApiException(404, "No such object: " + name);
    }

    private String path(String kind, String name) {
      return switch (kind) {
        case "container" ->
            "/containers/" + Query.segment(name) + "/json" + Query.none().with("size", size);
        case "image" -> "/images/" + Query.path(name) + "/json";
        case "network" -> "/networks/" + Query.segment(name);
        default -> "/volumes/" + Query.segment(name);
      };
    }
  }
}
