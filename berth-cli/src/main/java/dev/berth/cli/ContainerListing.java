package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.template.GoText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Containers as {@code ps} lists them. */
final class ContainerListing {
  private static final int COMMAND_WIDTH = 20;
  private static final int MOUNT_WIDTH = 15;

  static final String TABLE =
      "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
  static final String RAW =
      """
      container_id: {{.ID}}
      image: {{.Image}}
      command: {{.Command}}
      created_at: {{.CreatedAt}}
      state: {{- pad .State 1 0}}
      status: {{- pad .Status 1 0}}
      names: {{.Names}}
      labels: {{- pad .Labels 1 0}}
      ports: {{- pad .Ports 1 0}}
      """;

  private final boolean whole;
  private boolean sizeAsked;

  ContainerListing(boolean whole) {
    this.whole = whole;
  }

  /** Whether a template has asked for sizes, which the engine gives only on request. */
  boolean sizeAsked() {
    return sizeAsked;
  }

  Listing<JsonNode> listing() {
    return new Listing<JsonNode>("*formatter.ContainerContext")
        .column("ID", "CONTAINER ID", this::id)
        .column("Names", "NAMES", this::names)
        .column("Image", "IMAGE", this::image)
        .column("Command", "COMMAND", this::command)
        .column("CreatedAt", "CREATED AT", container -> Moments.local(created(container)))
        .column("RunningFor", "CREATED", container -> Units.ago(created(container)))
        .column("Ports", "PORTS", container -> Ports.shown(container.path("Ports")))
        .column("State", "STATE", container -> container.path("State").asText())
        .column("Status", "STATUS", container -> container.path("Status").asText())
        .column("Size", "SIZE", this::size)
        .column("Labels", "LABELS", container -> labels(container.path("Labels")))
        .column("Mounts", "MOUNTS", this::mounts)
        .column("LocalVolumes", "LOCAL VOLUMES", ContainerListing::localVolumes)
        .column("Networks", "NETWORKS", ContainerListing::networks)
        .column("Platform", "PLATFORM", ContainerListing::platform)
        .labels(container -> labelMap(container.path("Labels")));
  }

  private static Instant created(JsonNode container) {
    return Instant.ofEpochSecond(container.path("Created").asLong());
  }

  private String id(JsonNode container) {
    String id = container.path("Id").asText();
    return whole ? id : Units.shortId(id);
  }

  /** Without the leading slash; a name of a link has further ones and is left out where cut. */
  private String names(JsonNode container) {
    List<String> names = new ArrayList<>();
    container.path("Names").forEach(name -> names.add(name.asText().replaceFirst("^/", "")));
    return whole
        ? String.join(",", names)
        : names.stream()
            .filter(name -> !name.contains("/"))
            .findFirst()
            .orElse(String.join(",", names));
  }

  private String image(JsonNode container) {
    String image = container.path("Image").asText();
    if (image.isEmpty()) {
      return "<no image>";
    }
    if (whole) {
      return image;
    }
    String id = Units.shortId(container.path("ImageID").asText());
    if (id.equals(Units.shortId(image))) {
      return id;
    }
    int digest = image.indexOf('@');
    return digest < 0 ? image : image.substring(0, digest);
  }

  private String command(JsonNode container) {
    String command = container.path("Command").asText();
    return GoText.quote(whole ? command : Units.ellipsis(command, COMMAND_WIDTH));
  }

  private String size(JsonNode container) {
    sizeAsked = true;
    String own = Units.decimal(container.path("SizeRw").asDouble());
    double all = container.path("SizeRootFs").asDouble();
    return all > 0 ? own + " (virtual " + Units.decimal(all) + ")" : own;
  }

  private String mounts(JsonNode container) {
    List<String> names = new ArrayList<>();
    for (JsonNode mount : container.path("Mounts")) {
      String name = mount.path("Name").asText();
      String shown = name.isEmpty() ? mount.path("Source").asText() : name;
      names.add(whole ? shown : Units.ellipsis(shown, MOUNT_WIDTH));
    }
    return String.join(",", names);
  }

  private static String localVolumes(JsonNode container) {
    int count = 0;
    for (JsonNode mount : container.path("Mounts")) {
      count += mount.path("Driver").asText().equals("local") ? 1 : 0;
    }
    return Integer.toString(count);
  }

  private static String networks(JsonNode container) {
    List<String> names = new ArrayList<>();
    container.path("NetworkSettings").path("Networks").fieldNames().forEachRemaining(names::add);
    return String.join(",", names);
  }

  private static @Nullable String platform(JsonNode container) {
    JsonNode platform = container.path("ImageManifestDescriptor").path("platform");
    return platform.isMissingNode()
        ? null
        : platform.path("os").asText() + "/" + platform.path("architecture").asText();
  }

  /** {@code key=value} pairs in order, with commas between them. */
  static String labels(JsonNode labels) {
    List<String> pairs = new ArrayList<>();
    labelMap(labels).forEach((key, value) -> pairs.add(key + "=" + value));
    return String.join(",", pairs);
  }

  static Map<String, String> labelMap(JsonNode labels) {
    Map<String, String> map = new TreeMap<>();
    labels.properties().forEach(label -> map.put(label.getKey(), label.getValue().asText()));
    return map;
  }
}
