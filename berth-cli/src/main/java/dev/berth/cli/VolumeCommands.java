package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on volumes. */
final class VolumeCommands {
  private VolumeCommands() {}

  private static String path(String volume) {
    return "/volumes/" + Query.segment(volume);
  }

  /** Makes a volume. */
  @Command(name = "create", description = "Create a volume.")
  static final class Create extends Base {
    @Option(
        names = {"-d", "--driver"},
        description = "Driver of the volume.")
    String driver = "local";

    @Option(
        names = {"-o", "--opt"},
        description = "Option of the driver.")
    List<String> options = List.of();

    @Option(names = "--label", description = "Set a label.")
    List<String> label = List.of();

    @Parameters(index = "0", arity = "0..1", paramLabel = "VOLUME")
    @Nullable String name;

    @Override
    public Integer call() {
      ObjectNode body = Json.MAPPER.createObjectNode().put("Driver", driver);
      ContainerRequest.put(body, "Name", name);
      ContainerRequest.putMap(body, "DriverOpts", options);
      ContainerRequest.putMap(body, "Labels", label);
      out().println(engine().post("/volumes/create", Query.none(), body).path("Name").asText());
      return 0;
    }
  }

  /** Lists volumes. */
  @Command(name = "ls", aliases = "list", description = "List volumes.")
  static final class ListVolumes extends Base {
    @Option(
        names = {"-q", "--quiet"},
        description = "Show names only.")
    boolean quiet;

    @Option(
        names = {"-f", "--filter"},
        description = "Show only what fits.")
    List<String> filter = List.of();

    @Option(names = "--format", description = "Not supported yet.")
    @Nullable String format;

    @Override
    public Integer call() {
      refuseFormat(format);
      List<JsonNode> volumes = new ArrayList<>();
      engine()
          .get("/volumes", Query.none().withFilters(filter))
          .path("Volumes")
          .forEach(volumes::add);
      volumes.sort(Comparator.comparing(volume -> volume.path("Name").asText()));
      TextTable table = new TextTable("DRIVER", "VOLUME NAME");
      for (JsonNode volume : volumes) {
        if (quiet) {
          out().println(volume.path("Name").asText());
        }
        table.row(volume.path("Driver").asText(), volume.path("Name").asText());
      }
      if (!quiet) {
        table.print(out());
      }
      return 0;
    }
  }

  /** Shows all that is known of volumes. */
  @Command(name = "inspect", description = "Display detailed information on one or more volumes.")
  static final class Inspect extends Base {
    @Option(
        names = {"-f", "--format"},
        description = "Not supported yet.")
    @Nullable String format;

    @Parameters(arity = "1..*", paramLabel = "VOLUME")
    List<String> volumes = List.of();

    @Override
    public Integer call() {
      refuseFormat(format);
      return inspectAll(volumes, "volume", name -> engine().get(path(name)));
    }
  }

  /** Removes volumes. */
  @Command(name = "rm", aliases = "remove", description = "Remove one or more volumes.")
  static final class Remove extends Base {
    @Option(
        names = {"-f", "--force"},
        description = "Do not complain about what does not exist.")
    boolean force;

    @Parameters(arity = "1..*", paramLabel = "VOLUME")
    List<String> volumes = List.of();

    @Override
    public Integer call() {
      Query query = Query.none().with("force", force);
      return forEach(
          volumes,
          name -> {
            engine().delete(path(name), query);
            return name;
          });
    }
  }

  /** Removes unused volumes. */
  @Command(name = "prune", description = "Remove unused local volumes.")
  static final class Prune extends Base {
    @Option(
        names = {"-a", "--all"},
        description = "Remove named ones as well.")
    boolean all;

    @Option(
        names = {"-f", "--force"},
        description = "Do not ask.")
    boolean force;

    @Option(names = "--filter", description = "Remove only what fits.")
    List<String> filter = List.of();

    @Override
    public Integer call() throws IOException {
      Confirm.orEnd(
          force,
          all
              ? "WARNING! This will remove all local volumes not used by at least one container."
              : "WARNING! This will remove anonymous local volumes not used by at least one container.");
      List<String> filters = new ArrayList<>(filter);
      if (all) {
        filters.add("all=true");
      }
      JsonNode pruned = engine().post("/volumes/prune", Query.none().withFilters(filters), null);
      Confirm.report("Deleted Volumes:", pruned.path("VolumesDeleted"), pruned);
      return 0;
    }
  }
}
