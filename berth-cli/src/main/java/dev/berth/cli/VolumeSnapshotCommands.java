package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on states of volumes that are kept with them. */
final class VolumeSnapshotCommands {
  private VolumeSnapshotCommands() {}

  private static String path(String volume) {
    return VolumeObjectCommands.path(volume, "snapshots");
  }

  /** Keeps the present content. */
  @Command(name = "snapshot", description = "Keep the present content of a volume.")
  static final class Take extends VolumeObjectCommands.Taking {
    @Option(names = "--label", description = "Set a label.")
    List<String> label = List.of();

    @Parameters(index = "0", paramLabel = "VOLUME")
    String volume = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "SNAPSHOT")
    @Nullable String name;

    @Override
    public Integer call() {
      ObjectNode body = Json.MAPPER.createObjectNode().put("Consistency", consistency);
      ContainerRequest.put(body, "Name", name);
      ContainerRequest.putMap(body, "Labels", label);
      out().println(engine().post(path(volume), Query.none(), body).path("Name").asText());
      return 0;
    }
  }

  /** Lists what is kept. */
  @Command(name = "snapshots", description = "List the snapshots of a volume.")
  static final class ListSnapshots extends Base {
    @Option(
        names = {"-q", "--quiet"},
        description = "Show names only.")
    boolean quiet;

    @Parameters(index = "0", paramLabel = "VOLUME")
    String volume = "";

    @Override
    public Integer call() {
      TextTable table = new TextTable("SNAPSHOT", "CREATED", "SIZE", "METHOD", "LABELS");
      for (JsonNode snapshot : engine().get(path(volume))) {
        String name = snapshot.path("Name").asText();
        if (quiet) {
          out().println(name);
        }
        table.row(
            name,
            Units.ago(Units.instant(snapshot.path("CreatedAt").asText())),
            Units.decimal(snapshot.path("Size").asDouble()),
            snapshot.path("Method").asText(),
            labels(snapshot.path("Labels")));
      }
      if (!quiet) {
        table.print(out());
      }
      return 0;
    }

    private static String labels(JsonNode labels) {
      StringBuilder text = new StringBuilder();
      labels
          .properties()
          .forEach(label ->
              text.append(text.isEmpty() ? "" : ",")
                  .append(label.getKey())
                  .append('=')
                  .append(label.getValue().asText()));
      return text.toString();
    }
  }

  /** Removes what was kept. */
  @Command(name = "snapshot-rm", description = "Remove snapshots of a volume.")
  static final class Remove extends Base {
    @Parameters(index = "0", paramLabel = "VOLUME")
    String volume = "";

    @Parameters(index = "1", arity = "1..*", paramLabel = "SNAPSHOT")
    List<String> snapshots = List.of();

    @Override
    public Integer call() {
      return forEach(
          snapshots,
          name -> {
            engine().delete(path(volume), Query.none().with("snapshot", name));
            return name;
          });
    }
  }

  /** Brings back what was kept. */
  @Command(
      name = "restore",
      description = "Give a volume, which no container runs with, the content of a snapshot.")
  static final class Restore extends Base {
    @Option(
        names = {"-q", "--quiet"},
        description = "Do not show the progress.")
    boolean quiet;

    @Parameters(index = "0", paramLabel = "VOLUME")
    String volume = "";

    @Parameters(index = "1", paramLabel = "SNAPSHOT")
    String snapshot = "";

    @Override
    public Integer call() throws IOException {
      Query query = Query.none().with("snapshot", snapshot);
      try (HttpExchange exchange =
          engine()
              .open("POST", VolumeObjectCommands.path(volume, "restore") + query, null, Map.of())) {
        VolumeObjectCommands.follow(exchange.body(), volume, quiet);
      }
      out().println(volume);
      return 0;
    }
  }
}
