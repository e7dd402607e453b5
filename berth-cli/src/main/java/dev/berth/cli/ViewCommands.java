package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that show containers. */
final class ViewCommands {
  private static final int COMMAND_WIDTH = 20;

  private ViewCommands() {}

  /** Lists containers. */
  @Command(
      name = "ps",
      aliases = {"ls", "list"},
      description = "List containers.")
  static final class ListContainers extends Base {
    @Option(
        names = {"-a", "--all"},
        description = "Show stopped ones as well.")
    boolean all;

    @Option(
        names = {"-q", "--quiet"},
        description = "Show ids only.")
    boolean quiet;

    @Option(
        names = {"-n", "--last"},
        description = "Show the last N created.")
    @Nullable Integer last;

    @Option(
        names = {"-l", "--latest"},
        description = "Show the last created.")
    boolean latest;

    @Option(
        names = {"-s", "--size"},
        description = "Show sizes.")
    boolean size;

    @Option(names = "--no-trunc", description = "Do not cut anything.")
    boolean noTrunc;

    @Option(
        names = {"-f", "--filter"},
        description = "Show only what fits.")
    List<String> filter = List.of();

    @Option(names = "--format", description = "Not supported yet.")
    @Nullable String format;

    @Override
    public Integer call() {
      refuseFormat(format);
      Query query =
          Query.none()
              .with("all", all)
              .with("size", size)
              .with("limit", latest ? Integer.valueOf(1) : last)
              .withFilters(filter);
      JsonNode containers = engine().get("/containers/json", query);
      if (quiet) {
        containers.forEach(c -> out().println(id(c)));
        return 0;
      }
      List<String> headings =
          new ArrayList<>(
              List.of("CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"));
      if (size) {
        headings.add("SIZE");
      }
      TextTable table = new TextTable(headings.toArray(String[]::new));
      containers.forEach(container -> table.row(cells(container)));
      table.print(out());
      return 0;
    }

    private String id(JsonNode container) {
      String id = container.path("Id").asText();
      return noTrunc ? id : Units.shortId(id);
    }

    private String[] cells(JsonNode container) {
      String command = container.path("Command").asText();
      List<String> names = new ArrayList<>();
      container.path("Names").forEach(name -> names.add(name.asText().substring(1)));
      List<String> cells =
          new ArrayList<>(
              List.of(
                  id(container),
                  image(container.path("Image").asText()),
                  '"' + (noTrunc ? command : Units.ellipsis(command, COMMAND_WIDTH)) + '"',
                  Units.ago(Instant.ofEpochSecond(container.path("Created").asLong())),
                  container.path("Status").asText(),
                  Ports.shown(container.path("Ports")),
                  String.join(",", names)));
      if (size) {
        cells.add(
            Units.decimal(container.path("SizeRw").asDouble())
                + " (virtual "
                + Units.decimal(container.path("SizeRootFs").asDouble())
                + ")");
      }
      return cells.toArray(String[]::new);
    }

    private String image(String image) {
      return noTrunc ? image : image.startsWith("sha256:") ? Units.shortId(image) : image;
    }
  }

  /** Shows all that is known of containers. */
  @Command(
      name = "inspect",
      description = "Display detailed information on one or more containers.")
  static final class Inspect extends LifeCommands.OnContainers {
    @Option(
        names = {"-s", "--size"},
        description = "Show sizes.")
    boolean size;

    @Option(
        names = {"-f", "--format"},
        description = "Not supported yet.")
    @Nullable String format;

    @Override
    public Integer call() {
      refuseFormat(format);
      return inspectAll(
          containers,
          "container",
          name -> engine().get(path(name, "json"), Query.none().with("size", size)));
    }
  }

  /** Prints what a container wrote. */
  @Command(name = "logs", description = "Fetch the logs of a container.")
  static final class Logs extends Base {
    @Option(
        names = {"-f", "--follow"},
        description = "Go on with what comes.")
    boolean follow;

    @Option(
        names = {"-n", "--tail"},
        description = "Show so many lines of the end.")
    @Nullable String tail;

    @Option(names = "--since", description = "Show what came after a time or in the last 10m.")
    @Nullable String since;

    @Option(names = "--until", description = "Show what came before a time.")
    @Nullable String until;

    @Option(
        names = {"-t", "--timestamps"},
        description = "Show the time of each line.")
    boolean timestamps;

    @Option(names = "--details", description = "Show the log's extra attributes.")
    boolean details;

    @Parameters(index = "0", paramLabel = "CONTAINER")
    String container = "";

    @Override
    public Integer call() throws IOException {
      JsonNode found = engine().get(LifeCommands.OnContainers.path(container, "json"));
      Query query =
          Query.none()
              .with("stdout", true)
              .with("stderr", true)
              .with("follow", follow)
              .with("timestamps", timestamps)
              .with("details", details)
              .with("tail", tail)
              .with("since", Moments.parameter(since))
              .with("until", Moments.parameter(until));
      String path = LifeCommands.OnContainers.path(found.path("Id").asText(), "logs") + query;
      try (HttpExchange exchange = engine().open("GET", path, null, Map.of())) {
        boolean tty = found.path("Config").path("Tty").asBoolean();
        AttachedStreams.copyOutput(exchange.body(), tty, out(), err());
      }
      return 0;
    }
  }

  /** Shows the processes of a container. */
  @Command(name = "top", description = "Display the running processes of a container.")
  static final class Top extends Base {
    @Parameters(index = "0", paramLabel = "CONTAINER")
    String container = "";

    @Parameters(index = "1..*", paramLabel = "ps OPTIONS")
    List<String> options = List.of();

    @Override
    public Integer call() {
      Query query = Query.none().with("ps_args", String.join(" ", options));
      JsonNode top = engine().get(LifeCommands.OnContainers.path(container, "top"), query);
      TextTable table = new TextTable(strings(top.path("Titles")));
      top.path("Processes").forEach(process -> table.row(strings(process)));
      table.print(out());
      return 0;
    }

    private static String[] strings(JsonNode array) {
      List<String> words = new ArrayList<>();
      array.forEach(word -> words.add(word.asText()));
      return words.toArray(String[]::new);
    }
  }

  /** Shows what a container changed in its root. */
  @Command(
      name = "diff",
      description = "Inspect changes to files or directories on a container's filesystem.")
  static final class Diff extends Base {
    private static final String[] KINDS = {"C", "A", "D"};

    @Parameters(index = "0", paramLabel = "CONTAINER")
    String container = "";

    @Override
    public Integer call() {
      engine()
          .get(LifeCommands.OnContainers.path(container, "changes"))
          .forEach(change ->
              out()
                  .println(
                      KINDS[change.path("Kind").asInt()] + " " + change.path("Path").asText()));
      return 0;
    }
  }

  /** Shows where the ports of a container are published. */
  @Command(
      name = "port",
      description = "List port mappings or a specific mapping for the container.")
  static final class PortCommand extends Base {
    @Parameters(index = "0", paramLabel = "CONTAINER")
    String container = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PRIVATE_PORT[/PROTO]")
    @Nullable String port;

    @Override
    public Integer call() {
      JsonNode ports =
          engine()
              .get(LifeCommands.OnContainers.path(container, "json"))
              .path("NetworkSettings")
              .path("Ports");
      Map<String, JsonNode> sorted = new TreeMap<>();
      ports.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
      if (port == null) {
        sorted.forEach((name, bindings) ->
            bindings.forEach(binding -> out().println(name + " -> " + Ports.address(binding))));
        return 0;
      }
      String wanted = port.contains("/") ? port : port + "/tcp";
      JsonNode bindings = sorted.get(wanted);
      if (bindings == null || bindings.isEmpty()) {
        throw new CliException(1, "no public port '" + wanted + "' published for " + container);
      }
      bindings.forEach(binding -> out().println(Ports.address(binding)));
      return 0;
    }
  }

  /** Shows what containers use, live. */
  @Command(
      name = "stats",
      description = "Display a live stream of container(s) resource usage statistics.")
  static final class Stats extends Base {
    @Option(
        names = {"-a", "--all"},
        description = "Show stopped ones as well.")
    boolean all;

    @Option(names = "--no-stream", description = "Show one reading and end.")
    boolean noStream;

    @Option(names = "--no-trunc", description = "Do not cut anything.")
    boolean noTrunc;

    @Option(names = "--format", description = "Not supported yet.")
    @Nullable String format;

    @Parameters(arity = "0..*", paramLabel = "CONTAINER")
    List<String> containers = List.of();

    @Override
    public Integer call() throws InterruptedException {
      refuseFormat(format);
      while (true) {
        TextTable table =
            new TextTable(
                "CONTAINER ID",
                "NAME",
                "CPU %",
                "MEM USAGE / LIMIT",
                "MEM %",
                "NET I/O",
                "BLOCK I/O",
                "PIDS");
        names().forEach(name -> table.row(Usage.cells(reading(name), noTrunc)));
        if (!noStream && Terminal.outputIsTerminal()) {
          out().print("\033[2J\033[H");
        }
        table.print(out());
        if (noStream) {
          return 0;
        }
        Thread.sleep(1000);
      }
    }

    private JsonNode reading(String name) {
      return engine()
          .get(LifeCommands.OnContainers.path(name, "stats"), Query.none().with("stream", "false"));
    }

    private List<String> names() {
      if (!containers.isEmpty()) {
        return containers;
      }
      List<String> ids = new ArrayList<>();
      engine()
          .get("/containers/json", Query.none().with("all", all))
          .forEach(container -> ids.add(container.path("Id").asText()));
      return ids;
    }
  }

  /** Removes all stopped containers. */
  @Command(name = "prune", description = "Remove all stopped containers.")
  static final class Prune extends Base {
    @Option(
        names = {"-f", "--force"},
        description = "Do not ask.")
    boolean force;

    @Option(names = "--filter", description = "Remove only what fits.")
    List<String> filter = List.of();

    @Override
    public Integer call() throws IOException {
      Confirm.orEnd(force, "WARNING! This will remove all stopped containers.");
      JsonNode pruned = engine().post("/containers/prune", Query.none().withFilters(filter), null);
      Confirm.report("Deleted Containers:", pruned.path("ContainersDeleted"), pruned);
      return 0;
    }
  }
}
