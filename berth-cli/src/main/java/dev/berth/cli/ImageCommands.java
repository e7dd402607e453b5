package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on images. */
final class ImageCommands {
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
    @Mixin ListOptions list = new ListOptions();

    @Option(
        names = {"-a", "--all"},
        description = "Show intermediate ones as well")
    boolean all;

    @Option(names = "--digests", description = "Show digests")
    boolean digests;

    @Option(names = "--no-trunc", description = "Do not cut anything")
    boolean noTrunc;

    @Parameters(arity = "0..1", paramLabel = "REPOSITORY[:TAG]")
    @Nullable String reference;

    @Override
    public Integer call() {
      if (list.format == null && !list.quiet) {
        list.format = UserConfiguration.ofUser().setting("imagesFormat");
      }
      String table = digests ? ImageListing.TABLE_WITH_DIGESTS : ImageListing.TABLE;
      String format = list.chosen(table, ImageListing.RAW, "{{.ID}}");
      if (digests && format.startsWith("table") && !format.contains("{{.Digest}}")) {
        format += "\t{{.Digest}}";
      }
      List<String> filters = new ArrayList<>(list.filter);
      if (reference != null) {
        filters.add("reference=" + reference);
      }
      Query query = Query.none().with("all", all).withFilters(filters);
      boolean eachDigest = digests || format.contains("{{.Digest}}");
      List<ImageListing.Line> lines = new ArrayList<>();
      for (JsonNode image : engine().get("/images/json", query)) {
        lines.addAll(ImageListing.lines(image, eachDigest));
      }
      ImageListing.listing(noTrunc).print(out(), format, lines);
      return 0;
    }
  }

  /** Shows all that is known of images. */
  @Command(name = "inspect", description = "Display detailed information on one or more images.")
  static final class Inspect extends Base {
    @Mixin FormatOption format = new FormatOption();

    @Option(names = "--platform", description = "Show the image of this platform")
    @Nullable String platform;

    @Parameters(arity = "1..*", paramLabel = "IMAGE")
    List<String> images = List.of();

    @Override
    public Integer call() {
      Query query = Query.none().with("platform", Images.platform(platform));
      return new Inspection(format.format)
          .run(
              images,
              name ->
                  new Inspection.Found(
                      "Image", engine().get("/images/" + segment(name) + "/json", query)),
              out(),
              err());
    }
  }

  /** Shows how an image came to be. */
  @Command(name = "history", description = "Show the history of an image.")
  static final class History extends Base {
    private static final String TABLE =
        "table {{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";

    @Option(
        names = {"-q", "--quiet"},
        description = "Show ids only")
    boolean quiet;

    @Option(names = "--no-trunc", description = "Do not cut anything")
    boolean noTrunc;

    @Option(
        names = {"-H", "--human"},
        arity = "0..1",
        defaultValue = "true",
        fallbackValue = "true",
        description = "Show sizes and times in words; --human=false as they are")
    boolean human = true;

    @Option(names = "--format", description = "Print by a template: 'table TEMPLATE', 'json' or TEMPLATE")
    @Nullable String format;

    @Parameters(index = "0", paramLabel = "IMAGE")
    String image = "";

    @Override
    public Integer call() {
      boolean table = format == null || format.equals("table");
      String chosen = table ? (quiet ? "{{.ID}}" : TABLE) : String.valueOf(format);
      JsonNode steps = engine().get("/images/" + segment(image) + "/history");
      ImageListing.history(noTrunc, human).print(out(), chosen, Json.list(steps));
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
            err().println(refused.shown());
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

    @Mixin PruneOptions prune = new PruneOptions();

    @Override
    public Integer call() throws IOException {
      Confirm.orEnd(
          prune.force,
          all
              ? "WARNING! This will remove all images without at least one container associated to them."
              : "WARNING! This will remove all dangling images.");
      List<String> filters = new ArrayList<>(prune.filter);
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
      Query query = Query.none().with("quiet", quiet).with("platform", Images.platform(platform));
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

    @Parameters(index = "0", paramLabel = "file|URL|-")
    String file = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "REPOSITORY[:TAG]")
    @Nullable String reference;

    @Override
    public Integer call() throws IOException {
      boolean remote = file.startsWith("http://") || file.startsWith("https://");
      Query query =
          Query.none()
              .with("fromSrc", remote ? file : "-")
              .with("repo", reference)
              .with("message", message)
              .with("platform", platform);
      change.forEach(instruction -> query.with("changes", instruction));
      try (InputStream tar =
              remote
                  ? InputStream.nullInputStream()
                  : file.equals("-") ? in() : opened(file);
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
      query.with("platform", Images.platform(platform));
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

    @Option(
        names = {"-a", "--all-tags"},
        description = "Download all tags of the repository")
    boolean allTags;

    @Option(names = "--platform", description = "Platform of the image.")
    @Nullable String platform;

    @Parameters(index = "0", paramLabel = "NAME[:TAG|@DIGEST]")
    String image = "";

    @Override
    public Integer call() {
      if (allTags) {
        Images.pullAll(engine(), image, quiet, out());
      } else {
        Images.pull(engine(), image, platform, quiet, out());
        out().println(ImageNames.canonical(image));
      }
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
