package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that show containers. */
final class ViewCommands {
  private ViewCommands() {}

  /** Lists containers. */
  @Command(
      name = "ps",
      aliases = {"ls", "list"},
      description = "List containers.")
  static final class ListContainers extends Base {
    @Mixin ListOptions list = new ListOptions();

    @Option(
        names = {"-a", "--all"},
        description = "Show stopped ones as well")
    boolean all;

    @Option(
        names = {"-n", "--last"},
        description = "Show the last N created, stopped ones as well")
    @Nullable Integer last;

    @Option(
        names = {"-l", "--latest"},
        description = "Show the last created, stopped ones as well")
    boolean latest;

    @Option(
        names = {"-s", "--size"},
        description = "Show sizes")
    @Nullable Boolean size;

    @Option(names = "--no-trunc", description = "Do not cut anything")
    boolean noTrunc;

    @Override
    public Integer call() {
      if (list.format != null && list.quiet) {
        err()
            .println(
                "WARNING: Ignoring custom format, because both --format and --quiet are set.");
      }
      if (list.format == null) {
        list.format = UserConfiguration.ofUser().setting("psFormat");
      }
      ContainerListing rows = new ContainerListing(noTrunc);
      Listing<JsonNode> listing = rows.listing();
      if (list.format != null) {
        listing.check(list.format, MissingNode.getInstance());
      }
      boolean sized = size == null ? rows.sizeAsked() && !list.quiet : size;
      Query query =
          Query.none()
              .with("all", all)
              .with("size", sized)
              .with("limit", latest && last == null ? Integer.valueOf(1) : last)
              .withFilters(list.filter);
      String more = sized ? "\t{{.Size}}" : "";
      String raw = ContainerListing.RAW + (sized ? "size: {{.Size}}\n" : "");
      String format =
          list.quiet ? "{{.ID}}" : list.chosen(ContainerListing.TABLE + more, raw, "{{.ID}}");
      listing.print(out(), format, Json.list(engine().get("/containers/json", query)));
      return 0;
    }
  }

  /** Shows all that is known of containers. */
  @Command(
      name = "inspect",
      description = "Display detailed information on one or more containers.")
  static final class Inspect extends LifeCommands.OnContainers {
    @Mixin FormatOption format = new FormatOption();

    @Option(
        names = {"-s", "--size"},
        description = "Show sizes")
    boolean size;

    @Override
    public Integer call() {
      Query query = Query.none().with("size", size);
      return new Inspection(format.format)
          .run(
              containers,
              name ->
                  new Inspection.Found("Container", engine().get(path(name, "json"), query)),
              out(),
              err());
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
  @Command(
      name = "top",
      customSynopsis = "CONTAINER [ps OPTIONS]",
      description = "Display the running processes of a container.")
  static final class Top extends Base {
    @Override
    boolean stopsAtPositional() {
      return true;
    }

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
        throw new CliException(
            1, "no public port '" + wanted + "' published for " + container);
      }
      bindings.forEach(binding -> out().println(Ports.address(binding)));
      return 0;
    }
  }

  /** Removes all stopped containers. */
  @Command(name = "prune", description = "Remove all stopped containers.")
  static final class Prune extends Base {
    @Mixin PruneOptions prune = new PruneOptions();

    @Override
    public Integer call() throws IOException {
      Confirm.orEnd(prune.force, "WARNING! This will remove all stopped containers.");
      JsonNode pruned = engine().post("/containers/prune", Query.none().withFilters(prune.filter), null);
      Confirm.report("Deleted Containers:", pruned.path("ContainersDeleted"), pruned);
      return 0;
    }
  }
}
