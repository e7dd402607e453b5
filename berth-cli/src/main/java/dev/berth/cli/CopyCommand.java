package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies files between a container and this machine. */
@Command(
    name = "cp",
    customSynopsis = {
      "[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-",
      "berth cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH"
    },
    description = "Copy files/folders between a container and the local filesystem.")
final class CopyCommand extends Base {
  private static final long FOLDER_BIT = 1L << 31;
  private static final long LINK_BIT = 1L << 27;

  @Option(
      names = {"-L", "--follow-link"},
      description = "Follow a symbolic link in SRC_PATH")
  boolean followLink;

  @Option(
      names = {"-a", "--archive"},
      description = "Keep the owners of the files")
  boolean archive;

  @Option(
      names = {"-q", "--quiet"},
      description = "Do not say what was copied")
  boolean quiet;

  @Parameters(index = "0", paramLabel = "SRC_PATH")
  String source = "";

  @Parameters(index = "1", paramLabel = "DEST_PATH")
  String destination = "";

  /** A path, in a container where one is named. */
  private record Place(String container, String path) {
    static Place of(String text) {
      int colon = text.indexOf(':');
      boolean local = text.startsWith("/") || text.startsWith(".") || colon < 0;
      return local
          ? new Place("", text)
          : new Place(text.substring(0, colon), text.substring(colon + 1));
    }

    boolean isLocal() {
      return container.isEmpty();
    }

    /** Whether it means what is in the folder and not the folder. */
    boolean isContent() {
      return path.equals(".") || path.endsWith("/.");
    }

    String base() {
      String bare = path.replaceAll("/+(\\.)?$", "");
      return bare.substring(bare.lastIndexOf('/') + 1);
    }

    String parent() {
      String bare = path.replaceAll("/+(\\.)?$", "");
      int slash = bare.lastIndexOf('/');
      return slash <= 0 ? "/" : bare.substring(0, slash);
    }

    Query query() {
      return Query.none().with("path", path.isEmpty() ? "/" : path);
    }

    String endpoint() {
      return LifeCommands.OnContainers.path(container, "archive");
    }
  }

  @Override
  public Integer call() throws IOException {
    Place from = Place.of(source);
    Place to = Place.of(destination);
    if (from.isLocal() && to.isLocal()) {
      throw new CliException(1, "must specify at least one container source");
    }
    if (!from.isLocal() && !to.isLocal()) {
      throw new CliException(1, "copying between containers is not supported");
    }
    if (from.isLocal()) {
      toContainer(from, to);
    } else {
      fromContainer(from, to);
    }
    return 0;
  }

  /** What the engine says of a path, or null where it is not. */
  private @Nullable JsonNode stat(Place place) {
    try (HttpExchange exchange =
        engine().open("GET", place.endpoint() + place.query(), null, Map.of())) {
      byte[] text = Base64.getDecoder().decode(exchange.header("x-docker-container-path-stat"));
      return Json.MAPPER.readTree(text);
    } catch (ApiException refused) {
      if (refused.status() == 404 && !refused.text().startsWith("No such container")) {
        return null;
      }
      throw refused;
    } catch (IOException damaged) {
      throw new CliException(1, "the engine's answer cannot be read: " + damaged.getMessage());
    }
  }

  private static boolean has(@Nullable JsonNode stat, long bit) {
    return stat != null && (stat.path("mode").asLong() & bit) != 0;
  }

  /** Follows a symbolic link once, as the link itself stands in the container. */
  private Place resolved(Place place, @Nullable JsonNode stat) {
    if (stat == null || !has(stat, LINK_BIT)) {
      return place;
    }
    String target = stat.path("linkTarget").asText();
    return new Place(
        place.container(), target.startsWith("/") ? target : place.parent() + "/" + target);
  }

  private void toContainer(Place from, Place given) throws IOException {
    JsonNode first = stat(given);
    Place to = resolved(given, first);
    JsonNode stat = to.equals(given) ? first : stat(to);
    boolean folder = has(stat, FOLDER_BIT);
    if (from.path().equals("-")) {
      if (!folder) {
        throw new CliException(
            1,
            "destination \"" + given.container() + ":" + given.path() + "\" must be a directory");
      }
      put(to, in());
      return;
    }
    Path file = Path.of(from.path()).toAbsolutePath().normalize();
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new CliException(1, "lstat " + file + ": no such file or directory");
    }
    Path real = followLink ? file.toRealPath() : file;
    boolean copiesFolder = Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS) || from.isContent();
    if (copiesFolder && stat != null && !folder) {
      throw new CliException(1, "cannot copy directory");
    }
    if (!copiesFolder && stat == null && given.path().endsWith("/")) {
      throw new CliException(1, "no such directory");
    }
    String name = !folder ? to.base() : from.isContent() ? "" : file.getFileName().toString();
    Place into = folder ? to : new Place(to.container(), to.parent());
    Path packed = Files.createTempFile("berth-cp", ".tar");
    try {
      pack(real, name, packed);
      try (InputStream content = Files.newInputStream(packed)) {
        put(into, content);
      }
      report(Files.size(packed), given.container() + ":" + to.path());
    } finally {
      Files.deleteIfExists(packed);
    }
  }

  private void pack(Path root, String name, Path packed) throws IOException {
    try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(packed));
        TarWriter tar = new TarWriter(out);
        Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String below = root.relativize(file).toString();
        String entry = below.isEmpty() ? name : name.isEmpty() ? below : name + "/" + below;
        if (!entry.isEmpty()) {
          tar.add(entry, file, archive);
        }
      }
    }
  }

  private void put(Place into, InputStream content) {
    Query query =
        into.query().with("noOverwriteDirNonDir", "true").with("copyUIDGID", archive);
    try (HttpExchange _ =
        engine().upload("PUT", into.endpoint() + query, content, Map.of())) {
      // The status alone says how it went.
    }
  }

  private void fromContainer(Place given, Place to) throws IOException {
    Place from = followLink ? resolved(given, stat(given)) : given;
    try (HttpExchange exchange =
        engine().open("GET", from.endpoint() + from.query(), null, Map.of())) {
      if (to.path().equals("-")) {
        exchange.body().transferTo(out());
        out().flush();
        return;
      }
      JsonNode stat =
          Json.MAPPER.readTree(
              Base64.getDecoder().decode(exchange.header("x-docker-container-path-stat")));
      Path target = Path.of(to.path()).toAbsolutePath().normalize();
      boolean folder = has(stat, FOLDER_BIT);
      if (Files.isDirectory(target)) {
        target = from.isContent() ? target : target.resolve(given.base());
      } else if (!Files.isDirectory(target.getParent())) {
        throw new CliException(
            1, "invalid output path: directory \"" + target.getParent() + "\" does not exist");
      } else if (folder && Files.exists(target)) {
        throw new CliException(1, "cannot copy directory");
      } else if (!folder && to.path().endsWith("/")) {
        throw new CliException(1, "no such directory");
      }
      long bytes = new TarUnpacker(target, archive).unpack(exchange.body());
      report(bytes, target.toString());
    }
  }

  private void report(long bytes, String where) {
    if (!quiet && Terminal.outputIsTerminal()) {
      err().println("Successfully copied " + Units.decimal((double) bytes) + " to " + where);
    }
  }
}
