package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Images as {@code images} lists them: a line for each name. */
final class ImageListing {
  private static final String NONE = "<none>";

  static final String TABLE =
      "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}";
  static final String TABLE_WITH_DIGESTS =
      "table {{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}";
  static final String DISK_TABLE =
      "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}\t{{.SharedSize}}\t"
          + "{{.UniqueSize}}\t{{.Containers}}";
  static final String RAW =
      """
      repository: {{ .Repository }}
      tag: {{.Tag}}
      image_id: {{.ID}}
      created_at: {{.CreatedAt}}
      virtual_size: {{.Size}}
      """;

  private ImageListing() {}

  /** One name of an image. */
  record Line(JsonNode image, String repository, String tag, String digest) {}

  static Listing<Line> listing(boolean whole) {
    return new Listing<Line>("*formatter.imageContext")
        .column("ID", "IMAGE ID", line -> id(line.image(), whole))
        .column("Repository", "REPOSITORY", Line::repository)
        .column("Tag", "TAG", Line::tag)
        .column("Digest", "DIGEST", Line::digest)
        .column("CreatedSince", "CREATED", line -> Units.ago(created(line)))
        .column("CreatedAt", "CREATED AT", line -> Moments.local(created(line)))
        .column("Size", "SIZE", line -> Units.decimal(line.image().path("Size").asDouble()))
        .column("VirtualSize", "SIZE", line -> Units.size(line.image().path("Size").asDouble()))
        .column("Containers", "CONTAINERS", line -> known(line, "Containers"))
        .column("SharedSize", "SHARED SIZE", ImageListing::shared)
        .column("UniqueSize", "UNIQUE SIZE", ImageListing::unique);
  }

  private static String id(JsonNode image, boolean whole) {
    String id = image.path("Id").asText();
    return whole ? id : Units.shortId(id);
  }

  private static Instant created(Line line) {
    return Instant.ofEpochSecond(line.image().path("Created").asLong());
  }

  private static String known(Line line, String field) {
    long value = line.image().path(field).asLong(-1);
    return value < 0 ? "N/A" : Long.toString(value);
  }

  private static String shared(Line line) {
    long shared = line.image().path("SharedSize").asLong(-1);
    return shared < 0 ? "N/A" : Units.size((double) shared);
  }

  private static String unique(Line line) {
    long shared = line.image().path("SharedSize").asLong(-1);
    long size = line.image().path("Size").asLong(-1);
    return shared < 0 || size < 0 ? "N/A" : Units.size((double) (size - shared));
  }

  /**
   * The lines of an image.
   *
   * @param digests whether each digest has a line of its own
   */
  static List<Line> lines(JsonNode image, boolean digests) {
    Map<String, List<String>> tags = grouped(image.path("RepoTags"));
    Map<String, List<String>> sums = grouped(image.path("RepoDigests"));
    List<Line> lines = new ArrayList<>();
    tags.forEach((repository, names) -> {
      List<String> known = sums.remove(repository);
      for (String tag : names) {
        if (!digests || known == null) {
          lines.add(new Line(image, repository, tag, NONE));
        } else {
          known.forEach(digest -> lines.add(new Line(image, repository, tag, digest)));
        }
      }
    });
    sums.forEach((repository, known) -> {
      if (digests) {
        known.forEach(digest -> lines.add(new Line(image, repository, NONE, digest)));
      } else {
        lines.add(new Line(image, repository, NONE, ""));
      }
    });
    if (lines.isEmpty()) {
      lines.add(new Line(image, NONE, NONE, NONE));
    }
    return lines;
  }

  private static Map<String, List<String>> grouped(JsonNode references) {
    Map<String, List<String>> grouped = new LinkedHashMap<>();
    for (JsonNode reference : references) {
      String text = reference.asText();
      String repository = ImageNames.repository(text);
      if (!repository.equals(NONE)) {
        grouped
            .computeIfAbsent(repository, key -> new ArrayList<>())
            .add(ImageNames.tag(text));
      }
    }
    return grouped;
  }

  /** Steps of an image's history. */
  static Listing<JsonNode> history(boolean whole, boolean human) {
    return new Listing<JsonNode>("*image.historyContext")
        .column("ID", "IMAGE", step -> id(step, whole))
        .column("CreatedSince", "CREATED", step -> since(step, human))
        .column("CreatedAt", "CREATED AT", step -> Moments.rfc3339(moment(step)))
        .column("CreatedBy", "CREATED BY", step -> by(step, whole))
        .column("Size", "SIZE", step -> human
            ? Units.decimal(step.path("Size").asDouble())
            : step.path("Size").asText("0"))
        .column("Comment", "COMMENT", step -> step.path("Comment").asText());
  }

  private static Instant moment(JsonNode step) {
    return Instant.ofEpochSecond(step.path("Created").asLong());
  }

  private static String since(JsonNode step, boolean human) {
    if (!human) {
      return Moments.rfc3339(moment(step));
    }
    return moment(step).isAfter(Instant.parse("2000-01-01T00:00:00Z"))
        ? Units.ago(moment(step))
        : "N/A";
  }

  private static String by(JsonNode step, boolean whole) {
    String by = step.path("CreatedBy").asText().replace('\t', ' ');
    return whole ? by : Units.ellipsis(by, 45);
  }
}
