package dev.berth.server;

import dev.berth.api.ContainerPathStat;
import dev.berth.core.EngineException;
import dev.berth.engine.ContainerFiles;
import dev.berth.engine.Engine;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Files of containers: what {@code docker cp} and {@code docker export} use. */
final class FileRoutes {
  private static final String STAT_HEADER = "X-Docker-Container-Path-Stat";
  private static final String TAR = "application/x-tar";

  private final Engine engine;

  FileRoutes(Engine engine) {
    this.engine = engine;
  }

  List<Route> routes() {
    return List.of(
        Route.head("/containers/{name}/archive", this::stat),
        Route.get("/containers/{name}/archive", this::read),
        Route.put("/containers/{name}/archive", this::write),
        Route.get("/containers/{name}/export", this::export));
  }

  private void stat(Exchange exchange) throws IOException {
    describe(exchange, engine.files().stat(exchange.name(), path(exchange)));
    exchange.reply(200);
  }

  private void read(Exchange exchange) throws IOException {
    try (ContainerFiles.Archive archive = engine.files().read(exchange.name(), path(exchange))) {
      describe(exchange, archive.stat());
      archive.writeTo(exchange.stream(200, TAR));
    }
  }

  private void write(Exchange exchange) throws IOException {
    Query query = exchange.query();
    engine
        .files()
        .write(
            exchange.name(),
            path(exchange),
            query.flag("noOverwriteDirNonDir"),
            query.flag("copyUIDGID"),
            exchange.body());
    exchange.reply(200);
  }

  private void export(Exchange exchange) throws IOException {
    engine.files().export(exchange.name(), new LateStream(exchange, 200, TAR));
  }

  private static String path(Exchange exchange) {
    String path = exchange.query().text("path");
    if (path.isEmpty()) {
      throw EngineException.invalid("bad parameter: 'path' cannot be empty");
    }
    return path;
  }

  private static void describe(Exchange exchange, ContainerFiles.PathStat stat) {
    byte[] line =
        Json.line(
            new ContainerPathStat(
                stat.name(),
                stat.sizeBytes(),
                stat.mode(),
                GoTime.format(stat.modified()),
                stat.linkTarget()));
    exchange.answerHeader(
        STAT_HEADER, Base64.getEncoder().encodeToString(Arrays.copyOf(line, line.length - 1)));
  }
}
