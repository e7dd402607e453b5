package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on images. */
final class ImageCommands {
  private static final int CREATED_BY_WIDTH = 45;

  private ImageCommands() {}

  private static String segment(String image) {
    return Query.path(image);
  }

  /** Lists images. */
  @Command(
      name = "images",
      aliases = {"ls", "list"},
      description = "List images.")
  static final class ListImages extends Base {
    @Option(
        names = {"-a", "--all"},
        description = "Show intermediate ones as well.")
    boolean all;

    @Option(
        names = {"-q", "--quiet"},
        description = "Show ids only.")
    boolean quiet;

    @Option(names = "--digests", description = "Show digests.")
    boolean digests;

    @Option(names = "--no-trunc", description = "Do not cut anything.")
    boolean noTrunc;

    @Option(
        names = {"-f", "--filter"},
        description = "Show only what fits.")
    List<String> filter = List.of();

    @Option(names = "--format", description = "Not supported yet.")
    @Nullable String format;

    @Parameters(arity = "0..1", paramLabel = "REPOSITORY[:TAG]")
    @Nullable String reference;

    @Override
    public Integer call() {
      refuseFormat(format);
      List<String> filters = new ArrayList<>(filter);
      if (reference != null) {
        filters.add("reference=" + reference);
      }
      JsonNode images =
          engine().get("/images/json", Query.none().with("all", all).withFilters(filters));
      TextTable table =
          digests
              ? new TextTable("REPOSITORY", "TAG", "DIGEST", "IMAGE ID", "CREATED", "SIZE")
              : new TextTable("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE");
      for (JsonNode image : images) {
        if (quiet) {
          out().println(id(image));
        } else {
          rows(image, table);
        }
      }
      if (!quiet) {
        table.print(out());
      }
      return 0;
    }

    private String id(JsonNode image) {
      String id = image.path("Id").asText();
      return noTrunc ? id : Units.shortId(id);
    }

    private void rows(JsonNode image, TextTable table) {
      List<String> references = new ArrayList<>();
      image.path("RepoTags").forEach(tag -> references.add(tag.asText()));
      if (references.isEmpty()) {
        references.add("<none>:<none>");
      }
      String digest = ImageNames.tag(image.path("RepoDigests").path(0).asText("@<none>"));
      for (String each : references) {
        List<String> cells = new ArrayList<>();
        cells.add(ImageNames.repository(each));
        cells.add(ImageNames.tag(each));
        if (digests) {
          cells.add(digest);
        }
        cells.add(id(image));
        cells.add(Units.ago(Instant.ofEpochSecond(image.path("Created").asLong())));
        cells.add(Units.decimal(image.path("Size").asDouble()));
        table.row(cells.toArray(String[]::new));
      }
    }
  }

  /** Shows all that is known of images. */
  @Command(name = "inspect", description = "Display detailed information on one or more images.")
  static final class Inspect extends Base {
    @Option(
        names = {"-f", "--format"},
        description = "Not supported yet.")
    @Nullable String format;

    @Parameters(arity = "1..*", paramLabel = "IMAGE")
    List<String> images = List.of();

    @Override
    public Integer call() {
      refuseFormat(format);
      return inspectAll(
          images, "image", name -> engine().get("/images/" + segment(name) + "/json"));
    }
  }

  /** Shows how an image came to be. */
  @Command(name = "history", description = "Show the history of an image.")
  static final class History extends Base {
    @Option(
        names = {"-q", "--quiet"},
        description = "Show ids only.")
    boolean quiet;

    @Option(names = "--no-trunc", description = "Do not cut anything.")
    boolean noTrunc;

    @Parameters(index = "0", paramLabel = "IMAGE")
    String image = "";

    @Override
    public Integer call() {
      TextTable table = new TextTable("IMAGE", "CREATED", "CREATED BY", "SIZE", "COMMENT");
      for (JsonNode step : engine().get("/images/" + segment(image) + "/history")) {
        String id = step.path("Id").asText();
        String shownId = noTrunc || id.equals("<missing>") ? id : Units.shortId(id);
        if (quiet) {
          out().println(shownId);
          continue;
        }
        String by = step.path("CreatedBy").asText();
        table.row(
            shownId,
            Units.ago(Instant.ofEpochSecond(step.path("Created").asLong())),
            noTrunc ? by : Units.ellipsis(by, CREATED_BY_WIDTH),
            Units.decimal(step.path("Size").asDouble()),
            step.path("Comment").asText());
      }
      if (!quiet) {
        table.print(out());
      }
      return 0;
    }
  }

  /** Names an image. */
  @Command(name = "tag", description = "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE.")
  static final class Tag extends Base {
    @Parameters(index = "0", paramLabel = "SOURCE_IMAGE[:TAG]")
    String source = "";

    @Parameters(index = "1", paramLabel = "TARGET_IMAGE[:TAG]")
    String target = "";

    @Override
    public Integer call() {
      String reference = ImageNames.familiar(target);
      engine()
          .post(
              "/images/" + segment(source) + "/tag",
              Query.none()
                  .with("repo", ImageNames.repository(reference))
                  .with("tag", ImageNames.tag(reference)),
              null);
      return 0;
    }
  }

  /** Removes images. */
  @Command(
      name = "rmi",
      aliases = {"rm", "remove"},
      description = "Remove one or more images.")
  static final class Remove extends Base {
    @Option(
        names = {"-f", "--force"},
        description = "Remove it even when it is used.")
    boolean force;

    @Option(names = "--no-prune", description = "Keep untagged parents.")
    boolean noPrune;

    @Parameters(arity = "1..*", paramLabel = "IMAGE")
    List<String> images = List.of();

    @Override
    public Integer call() {
      Query query = Query.none().with("force", force).with("noprune", noPrune);
      int exitCode = 0;
      for (String image : images) {
        try {
          for (JsonNode item : engine().delete("/images/" + segment(image), query)) {
            out()
                .println(
                    item.has("Untagged")
                        ? "Untagged: " + item.path("Untagged").asText()
                        : "Deleted: " + item.path("Deleted").asText());
          }
        } catch (ApiException refused) {
          if (!(force && refused.status() == 404)) {
            err().println("Error response from daemon: " + refused.text());
            exitCode = 1;
          }
        }
      }
      return exitCode;
    }
  }

  /** Removes unused images. */
  @Command(name = "prune", description = "Remove unused images.")
  static final class Prune extends Base {
    @Option(
        names = {"-a", "--all"},
        description = "Remove all that no container uses.")
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
              ? "WARNING! This will remove all images without at least one container associated to them."
              : "WARNING! This will remove all dangling images.");
      List<String> filters = new ArrayList<>(filter);
      filters.add("dangling=" + !all);
      JsonNode pruned = engine().post("/images/prune", Query.none().withFilters(filters), null);
      var lines = Json.MAPPER.createArrayNode();
      for (JsonNode item : pruned.path("ImagesDeleted")) {
        lines.add(
            item.has("Untagged")
                ? "untagged: " + item.path("Untagged").asText()
                : "deleted: " + item.path("Deleted").asText());
      }
      Confirm.report("Deleted Images:", lines, pruned);
      return 0;
    }
  }

  /** Loads images from an archive. */
  @Command(name = "load", description = "Load an image from a tar archive or STDIN.")
  static final class Load extends Base {
    @Option(
        names = {"-i", "--input"},
        description = "Read this file instead of STDIN.")
    @Nullable String input;

    @Option(
        names = {"-q", "--quiet"},
        description = "Do not show the progress.")
    boolean quiet;

    @Option(names = "--platform", description = "Load only this platform.")
    @Nullable String platform;

    @Override
    public Integer call() throws IOException {
      if (input == null && Terminal.inputIsTerminal()) {
        throw new CliException(1, "requested load from stdin, but stdin is empty");
      }
      Query query = Query.none().with("quiet", quiet).with("platform", platform);
      try (InputStream archive = input == null ? in() : opened(input);
          HttpExchange exchange = engine().upload("/images/load" + query, archive)) {
        Images.progress(exchange.body(), false, out());
      }
      return 0;
    }
  }

  private static InputStream opened(String file) {
    try {
      return new FileInputStream(file);
    } catch (FileNotFoundException missing) {
      throw new CliException(1, "open " + file + ": no such file or directory");
    }
  }

  /** Makes an image of a file tree. */
  @Command(
      name = "import",
      description = "Import the contents from a tarball to create a filesystem image.")
  static final class Import extends Base {
    @Option(
        names = {"-c", "--change"},
        description = "Apply a Dockerfile instruction.")
    List<String> change = List.of();

    @Option(
        names = {"-m", "--message"},
        description = "Message of the image's history.")
    @Nullable String message;

    @Option(names = "--platform", description = "Platform of the image.")
    @Nullable String platform;

    @Parameters(index = "0", paramLabel = "FILE|-")
    String file = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "REPOSITORY[:TAG]")
    @Nullable String reference;

    @Override
    public Integer call() throws IOException {
      Query query =
          Query.none()
              .with("fromSrc", "-")
              .with("repo", reference)
              .with("message", message)
              .with("platform", platform);
      change.forEach(instruction -> query.with("changes", instruction));
      try (InputStream tar = file.equals("-") ? in() : opened(file);
          HttpExchange exchange = engine().upload("/images/create" + query, tar)) {
        Images.progress(exchange.body(), false, out());
      }
      return 0;
    }
  }

  /** Writes images into an archive. */
  @Command(
      name = "save",
      description = "Save one or more images to a tar archive (streamed to STDOUT by default).")
  static final class Save extends Base {
    @Option(
        names = {"-o", "--output"},
        description = "Write to this file instead of STDOUT.")
    @Nullable String output;

    @Option(names = "--platform", description = "Save only this platform.")
    @Nullable String platform;

    @Parameters(arity = "1..*", paramLabel = "IMAGE")
    List<String> images = List.of();

    @Override
    public Integer call() throws IOException {
      if (output == null && Terminal.outputIsTerminal()) {
        throw new CliException(
            1, "cowardly refusing to save to a terminal. Use the -o flag or redirect");
      }
      Query query = Query.none();
      images.forEach(image -> query.with("names", image));
      query.with("platform", platform);
      try (HttpExchange exchange = engine().open("GET", "/images/get" + query, null, Map.of());
          OutputStream to = output == null ? out() : new FileOutputStream(output)) {
        exchange.body().transferTo(to);
      }
      return 0;
    }
  }

  /** Fetches an image from a registry. */
  @Command(name = "pull", description = "Download an image from a registry.")
  static final class Pull extends Base {
    @Option(
        names = {"-q", "--quiet"},
        description = "Do not show the progress.")
    boolean quiet;

    @Option(names = "--platform", description = "Platform of the image.")
    @Nullable String platform;

    @Parameters(index = "0", paramLabel = "NAME[:TAG|@DIGEST]")
    String image = "";

    @Override
    public Integer call() {
      Images.pull(engine(), image, platform, quiet, out());
      out().println(ImageNames.familiar(image));
      return 0;
    }
  }

  /** Sends an image to a registry. */
  @Command(name = "push", description = "Upload an image to a registry.")
  static final class Push extends Base {
    @Option(
        names = {"-q", "--quiet"},
        description = "Do not show the progress.")
    boolean quiet;

    @Option(
        names = {"-a", "--all-tags"},
        description = "Push all tags.")
    boolean allTags;

    @Parameters(index = "0", paramLabel = "NAME[:TAG]")
    String image = "";

    @Override
    public Integer call() throws IOException {
      String reference = allTags ? image : ImageNames.familiar(image);
      Map<String, String> given = Credentials.ofUser().headerFor(image);
      Map<String, String> headers = given.isEmpty() ? Map.of("X-Registry-Auth", "e30=") : given;
      Query query = Query.none().with("tag", allTags ? null : ImageNames.tag(reference));
      String path = "/images/" + segment(ImageNames.repository(reference)) + "/push" + query;
      try (HttpExchange exchange = engine().open("POST", path, null, headers)) {
        Images.progress(exchange.body(), quiet, out());
      }
      return 0;
    }
  }
}
