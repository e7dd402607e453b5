package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on volumes as whole objects, which Docker's command line does not have. */
final class VolumeObjectCommands {
  private VolumeObjectCommands() {}

  static String path(String volume, String action) {
    return "/berth/v1/volumes/" + Query.segment(volume) + "/" + action;
  }

  /** The choice of how still the users are held. */
  abstract static class Taking extends Base {
    @Option(
        names = "--consistency",
        paramLabel = "none|pause|freeze",
        description =
            "Hold the volume's users still while its content is taken: none, pause (the containers"
                + " that run with it), or freeze (its file system, where that is its own).")
    String consistency = "none";
  }

  /** Writes a volume into an archive. */
  @Command(
      name = "export",
      description = "Write a volume's content as a tar archive (to STDOUT by default).")
  static final class Export extends Taking {
    @Option(
        names = {"-o", "--output"},
        description = "Write to this file instead of STDOUT.")
    @Nullable String output;

    @Option(
        names = "--compression",
        paramLabel = "none|gzip|zstd",
        description = "Compress; without it the name of the file tells.")
    @Nullable String compression;

    @Option(
        names = {"-z", "--gzip"},
        description = "The same as --compression gzip.")
    boolean gzip;

    @Option(names = "--zstd", description = "The same as --compression zstd.")
    boolean zstd;

    @Option(names = "--snapshot", description = "Write this snapshot instead.")
    @Nullable String snapshot;

    @Option(
        names = {"-q", "--quiet"},
        description = "Do not show the progress.")
    boolean quiet;

    @Parameters(index = "0", paramLabel = "VOLUME")
    String volume = "";

    @Override
    public Integer call() throws IOException {
      if (output == null && Terminal.outputIsTerminal()) {
        throw new CliException(
            1, "cowardly refusing to write an archive to a terminal. Use the -o flag or redirect");
      }
      Query query =
          Query.none()
              .with("compression", chosen())
              .with("snapshot", snapshot)
              .with("consistency", consistency);
      try (HttpExchange exchange =
              engine().open("GET", path(volume, "export") + query, null, Map.of());
          ProgressBar bar = ProgressBar.onError(volume, quiet)) {
        write(bar.counting(exchange.body(), 0));
      }
      return 0;
    }

    private String chosen() {
      if (compression != null) {
        return compression;
      }
      String name = output == null ? "" : output;
      if (gzip || name.endsWith(".gz") || name.endsWith(".tgz")) {
        return "gzip";
      }
      return zstd || name.endsWith(".zst") || name.endsWith(".zstd") ? "zstd" : "none";
    }

    /** A file takes its name when it is whole. */
    private void write(InputStream archive) throws IOException {
      if (output == null) {
        archive.transferTo(out());
        out().flush();
        return;
      }
      Path file = Path.of(output);
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        try (OutputStream to = new FileOutputStream(output)) {
          archive.transferTo(to);
        }
        return;
      }
      Path part = file.resolveSibling(file.getFileName() + ".part");
      try {
        try (OutputStream to = Files.newOutputStream(part)) {
          archive.transferTo(to);
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    }
  }

  /** Reads an archive into a volume. */
  @Command(
      name = "import",
      description =
          "Read a tar archive, compressed or not, into a volume, which is made if it does not"
              + " exist.")
  static final class Import extends Base {
    @Option(
        names = {"-i", "--input"},
        description = "Read this file instead of STDIN.")
    @Nullable String input;

    @Option(names = "--label", description = "Set a label on a new volume.")
    List<String> label = List.of();

    @Option(
        names = {"--strip-components", "--strip"},
        paramLabel = "N",
        description = "Leave out so many leading parts of the names.")
    int strip;

    @Option(names = "--merge", description = "Keep what is there under other names.")
    boolean merge;

    @Option(
        names = {"-f", "--force"},
        description = "Replace what is there.")
    boolean force;

    @Option(
        names = {"-q", "--quiet"},
        description = "Do not show the progress.")
    boolean quiet;

    @Parameters(index = "0", paramLabel = "VOLUME")
    String volume = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "FILE")
    @Nullable String file;

    @Override
    public Integer call() throws IOException {
      String from = file == null || file.equals("-") ? input : file;
      if (from == null && Terminal.inputIsTerminal()) {
        throw new CliException(1, "requested import from stdin, but stdin is empty");
      }
      Query query =
          Query.none()
              .with("strip", strip == 0 ? null : strip)
              .with("merge", merge)
              .with("force", force);
      label.forEach(one -> query.with("label", one));
      try (InputStream archive = from == null ? in() : opened(from);
          ProgressBar bar = ProgressBar.onError(volume, quiet);
          HttpExchange exchange =
              engine()
                  .upload(
                      path(volume, "import") + query,
                      bar.counting(archive, from == null ? 0 : Files.size(Path.of(from))))) {
        out().println(Json.MAPPER.readTree(exchange.body()).path("Name").asText());
      }
      return 0;
    }

    private static InputStream opened(String file) throws IOException {
      if (!Files.exists(Path.of(file))) {
        throw new CliException(1, "open " + file + ": no such file or directory");
      }
      return new FileInputStream(file);
    }
  }

  /** Copies a volume. */
  @Command(
      name = "copy",
      aliases = {"clone", "cp"},
      description = "Make a volume with the content of another one.")
  static final class Copy extends Taking {
    @Option(names = "--label", description = "Set a label instead of those of the source.")
    List<String> label = List.of();

    @Option(
        names = {"-q", "--quiet"},
        description = "Do not show the progress.")
    boolean quiet;

    @Parameters(index = "0", paramLabel = "SOURCE")
    String source = "";

    @Parameters(index = "1", paramLabel = "TARGET")
    String target = "";

    @Override
    public Integer call() throws IOException {
      ObjectNode body =
          Json.MAPPER.createObjectNode().put("Name", target).put("Consistency", consistency);
      ContainerRequest.putMap(body, "Labels", label);
      try (HttpExchange exchange = engine().open("POST", path(source, "copy"), body, Map.of())) {
        follow(exchange.body(), target, quiet);
      }
      out().println(target);
      return 0;
    }
  }

  /** Shows a stream of progress as one bar; an error in it ends the command. */
  static void follow(InputStream stream, String label, boolean quiet) throws IOException {
    try (ProgressBar bar = ProgressBar.onError(label, quiet)) {
      ProgressMessages.read(
          stream,
          message -> {
            JsonNode detail = message.path("progressDetail");
            if (detail.has("total") || detail.has("current")) {
              bar.at(detail.path("current").asLong(), detail.path("total").asLong());
            }
          });
    }
  }

  /** Gives a volume another name. */
  @Command(
      name = "rename",
      description = "Rename a volume; the stopped containers that use it follow.")
  static final class Rename extends Base {
    @Parameters(index = "0", paramLabel = "VOLUME")
    String volume = "";

    @Parameters(index = "1", paramLabel = "NEW_NAME")
    String name = "";

    @Override
    public Integer call() {
      out()
          .println(
              engine()
                  .post(path(volume, "rename"), Query.none().with("name", name), null)
                  .path("Name")
                  .asText());
      return 0;
    }
  }

  /** Changes the labels of a volume. */
  @Command(name = "update", aliases = "label", description = "Add or remove labels of a volume.")
  static final class Update extends Base {
    @Option(
        names = {"--label-add", "--label"},
        description = "Add or replace a label.")
    List<String> add = List.of();

    @Option(names = "--label-rm", description = "Remove a label by its name.")
    List<String> remove = List.of();

    @Parameters(index = "0", paramLabel = "VOLUME")
    String volume = "";

    @Override
    public Integer call() {
      if (add.isEmpty() && remove.isEmpty()) {
        throw new CliException(125, "nothing to change: give --label-add or --label-rm");
      }
      ObjectNode body = Json.MAPPER.createObjectNode();
      ContainerRequest.putMap(body, "Add", add);
      remove.forEach(body.putArray("Remove")::add);
      out()
          .println(engine().post(path(volume, "labels"), Query.none(), body).path("Name").asText());
      return 0;
    }
  }
}
