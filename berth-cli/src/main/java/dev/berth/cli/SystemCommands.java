package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.template.Template;
import dev.berth.template.TemplateException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on the engine itself, and {@code inspect} of anything. */
final class SystemCommands {
  private SystemCommands() {}

  /** Shows the versions of client and engine. */
  @Command(name = "version", description = "Show the Berth version information.")
  static final class Version extends Base {
    @Mixin FormatOption format = new FormatOption();

    @Override
    public Integer call() {
      if (format.format != null) {
        return formatted(format.format);
      }
      out().println("Client: Berth");
      out().println(" API version:       " + EngineClient.API_VERSION);
      out().println(" Java version:      " + System.getProperty("java.version"));
      out().println(" OS/Arch:           linux/" + System.getProperty("os.arch"));
      JsonNode version = engine().get("/version");
      out().println();
      out().println("Server: " + version.path("Platform").path("Name").asText("Berth"));
      out().println(" Engine:");
      line("Version", version.path("Version").asText());
      line("API version", version.path("ApiVersion").asText());
      line("Minimum API", version.path("MinAPIVersion").asText());
      line("Git commit", version.path("GitCommit").asText());
      line("OS/Arch", version.path("Os").asText() + "/" + version.path("Arch").asText());
      line("Kernel", version.path("KernelVersion").asText());
      return 0;
    }

    private void line(String name, String value) {
      if (!value.isEmpty()) {
        out().printf("  %-17s %s%n", name + ":", value);
      }
    }

    private int formatted(String text) {
      Template template = Inspection.parsed(text.equals("json") ? "{{json .}}" : text);
      ObjectNode both = Json.MAPPER.createObjectNode();
      both.putObject("Client")
          .put("Version", "berth")
          .put("ApiVersion", EngineClient.API_VERSION)
          .put("DefaultAPIVersion", EngineClient.API_VERSION)
          .put("Os", "linux")
          .put("Arch", System.getProperty("os.arch"))
          .put("Context", "default");
      both.set("Server", engine().get("/version"));
      printFormatted(template, both, out());
      return 0;
    }
  }

  /** Executes a template on an answer whose fields are known from itself alone. */
  private static void printFormatted(Template template, JsonNode answer, PrintStream out) {
    try {
      out.println(template.executeStrictly(ApiValue.raw(answer)));
    } catch (TemplateException refused) {
      throw new CliException(1, "template parsing error: " + refused.text());
    }
  }

  /** Shows facts of the engine and its host. */
  @Command(name = "info", description = "Display system-wide information.")
  static final class Info extends Base {
    @Mixin FormatOption format = new FormatOption();

    @Override
    public Integer call() {
      if (format.format != null) {
        boolean json = format.format.equals("json");
        Template template = Inspection.parsed(json ? "{{json .}}" : format.format);
        printFormatted(template, engine().get("/info"), out());
        return 0;
      }
      JsonNode info = engine().get("/info");
      out().println("Client: Berth");
      out().println();
      out().println("Server:");
      for (Fact fact : FACTS) {
        String value = info.path(fact.field()).asText();
        if (!value.isEmpty()) {
          out().println(" " + fact.name() + ": " + value);
        }
      }
      out().println(" Total Memory: " + Units.binary(info.path("MemTotal").asDouble()));
      out().println(" Labels:");
      info.path("Labels").forEach(label -> out().println("  " + label.asText()));
      info.path("Warnings").forEach(warning -> err().println(warning.asText()));
      return 0;
    }

    private record Fact(String name, String field) {}

    private static final List<Fact> FACTS =
        List.of(
            new Fact("Containers", "Containers"),
            new Fact(" Running", "ContainersRunning"),
            new Fact(" Paused", "ContainersPaused"),
            new Fact(" Stopped", "ContainersStopped"),
            new Fact("Images", "Images"),
            new Fact("Server Version", "ServerVersion"),
            new Fact("Storage Driver", "Driver"),
            new Fact("Logging Driver", "LoggingDriver"),
            new Fact("Cgroup Driver", "CgroupDriver"),
            new Fact("Cgroup Version", "CgroupVersion"),
            new Fact("Default Runtime", "DefaultRuntime"),
            new Fact("Kernel Version", "KernelVersion"),
            new Fact("Operating System", "OperatingSystem"),
            new Fact("OSType", "OSType"),
            new Fact("Architecture", "Architecture"),
            new Fact("CPUs", "NCPU"),
            new Fact("Name", "Name"),
            new Fact("ID", "ID"),
            new Fact("Docker Root Dir", "DockerRootDir"),
            new Fact("Debug Mode", "Debug"),
            new Fact("Live Restore Enabled", "LiveRestoreEnabled"));
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

    @Option(names = "--format", description = "Print by a template: 'json' or TEMPLATE")
    @Nullable String format;

    @Override
    public Integer call() throws IOException {
      Template template =
          format == null ? null : Inspection.parsed(format.equals("json") ? "{{json .}}" : format);
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
          out().println(template == null ? line(event) : formatted(template, event));
          out().flush();
        }
      }
      return 0;
    }

    private static String formatted(Template template, JsonNode event) {
      try {
        return template.execute(ApiValue.of("Event", event));
      } catch (TemplateException refused) {
        throw new CliException(1, "template parsing error: " + refused.text());
      }
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

  /** Shows all that is known of anything with that name. */
  @Command(name = "inspect", description = "Return low-level information on Docker objects.")
  static final class Inspect extends Base {
    private static final List<String> KINDS =
        List.of("container", "image", "network", "volume", "plugin");
    private static final List<String> KNOWN_TO_DOCKER =
        List.of(
            "config", "container", "image", "network", "node", "plugin", "secret", "service",
            "task", "volume");

    @Mixin FormatOption format = new FormatOption();

    @Option(names = "--type", description = "container, image, network, volume or plugin")
    @Nullable String type;

    @Option(
        names = {"-s", "--size"},
        description = "Show sizes of containers")
    boolean size;

    @Parameters(arity = "1..*", paramLabel = "NAME|ID")
    List<String> names = List.of();

    @Override
    public Integer call() {
      if (type != null && !KNOWN_TO_DOCKER.contains(type)) {
        throw new CliException(
            1,
            (type.isEmpty() ? "type is empty" : "unknown type: \"" + type + "\"")
                + ": must be one of \""
                + String.join("\", \"", KNOWN_TO_DOCKER)
                + "\"");
      }
      return new Inspection(format.format).run(names, this::find, out(), err());
    }

    private Inspection.Found find(String name) {
      for (String kind : type == null ? KINDS : List.of(type)) {
        try {
          String shape = Character.toUpperCase(kind.charAt(0)) + kind.substring(1);
          return new Inspection.Found(shape, engine().get(path(kind, name), Query.none()));
        } catch (ApiException refused) {
          boolean absent = refused.status() == 404 || (type == null && refused.status() == 501);
          if (!absent || type != null) {
            throw refused;
          }
        }
      }
      throw new CliException(1, "Error: No such object: " + name);
    }

    private String path(String kind, String name) {
      return switch (kind) {
        case "container" ->
            "/containers/" + Query.segment(name) + "/json" + Query.none().with("size", size);
        case "image" -> "/images/" + Query.path(name) + "/json";
        case "plugin" -> "/plugins/" + Query.path(name) + "/json";
        default -> "/" + kind + "s/" + Query.segment(name);
      };
    }
  }
}
