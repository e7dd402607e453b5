package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    @Mixin ListOptions list = new ListOptions();

    @Override
    public Integer call() {
      if (list.format == null && !list.quiet) {
        list.format = UserConfiguration.ofUser().setting("volumesFormat");
      }
      List<JsonNode> volumes =
          Json.list(
              engine().get("/volumes", Query.none().withFilters(list.filter)).path("Volumes"));
      volumes.sort(NaturalOrder.by(volume -> volume.path("Name").asText()));
      String format = list.chosen(ObjectListings.VOLUMES, ObjectListings.VOLUMES_RAW, "{{.Name}}");
      ObjectListings.volumes().print(out(), format, volumes);
      return 0;
    }
  }

  /** Shows all that is known of volumes. */
  @Command(name = "inspect", description = "Display detailed information on one or more volumes.")
  static final class Inspect extends Base {
    @Mixin FormatOption format = new FormatOption();

    @Parameters(arity = "1..*", paramLabel = "VOLUME")
    List<String> volumes = List.of();

    @Override
    public Integer call() {
      return new Inspection(format.format)
          .run(
              volumes,
              name -> new Inspection.Found("Volume", engine().get(path(name))),
              out(),
              err());
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

    @Mixin PruneOptions prune = new PruneOptions();

    @Override
    public Integer call() throws IOException {
      Confirm.orEnd(
          prune.force,
          all
              ? "WARNING! This will remove all local volumes not used by at least one container."
              : "WARNING! This will remove anonymous local volumes not used by at least one container.");
      List<String> filters = new ArrayList<>(prune.filter);
      if (all) {
        filters.add("all=true");
      }
      JsonNode pruned = engine().post("/volumes/prune", Query.none().withFilters(filters), null);
      Confirm.report("Deleted Volumes:", pruned.path("VolumesDeleted"), pruned);
      return 0;
    }
  }
}
