package dev.berth.server;

import dev.berth.api.ContainerCreateRequest;
import dev.berth.api.ContainerCreateResponse;
import dev.berth.api.ContainerTop;
import dev.berth.api.ContainerUpdateRequest;
import dev.berth.api.ContainerUpdateResponse;
import dev.berth.api.ContainersPruneReport;
import dev.berth.api.FilesystemChange;
import dev.berth.api.WaitError;
import dev.berth.api.WaitResponse;
import dev.berth.core.EngineException;
import dev.berth.engine.ContainerQuery;
import dev.berth.engine.Containers;
import dev.berth.engine.Engine;
import dev.berth.engine.Pruned;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The life of containers. Their streams and files have routes of their own. */
final class ContainerRoutes {
  /** What is shorter than any object with a field, such as null, says nothing. */
  private static final int LONGEST_EMPTY_BODY = 7;

  private final Engine engine;
  private final InstantSource clock;

  ContainerRoutes(Engine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/containers/json", this::list),
        Route.get("/containers/{name}/json", this::inspect),
        Route.get("/containers/{name}/top", this::top),
        Route.get("/containers/{name}/changes", this::changes),
        Route.post("/containers/create", this::create),
        Route.post("/containers/prune", this::prune).from(25),
        Route.post("/containers/{name}/start", this::start),
        Route.post("/containers/{name}/stop", this::stop),
        Route.post("/containers/{name}/restart", this::restart),
        Route.post("/containers/{name}/kill", this::kill),
        Route.post("/containers/{name}/pause", this::pause),
        Route.post("/containers/{name}/unpause", this::unpause),
        Route.post("/containers/{name}/rename", this::rename),
        Route.post("/containers/{name}/update", this::update),
        Route.post("/containers/{name}/wait", this::await),
        Route.delete("/containers/{name}", this::remove));
  }

  private Containers containers() {
    return engine.containers();
  }

  private void list(Exchange exchange) throws IOException {
    Query query = exchange.query();
    Integer limit = query.number("limit");
    ContainerQuery wanted =
        new ContainerQuery(
            query.flag("all"),
            limit == null ? 0 : limit,
            query.flag("size"),
            FilterJson.of(exchange));
    SummaryMapper mapper = new SummaryMapper(exchange.version(), clock.instant());
    exchange.reply(200, containers().list(wanted).stream().map(mapper::summary).toList());
  }

  private void inspect(Exchange exchange) throws IOException {
    exchange.reply(
        200,
        new InspectMapper(exchange.version())
            .inspect(containers().inspect(exchange.name(), exchange.query().flag("size"))));
  }

  private void create(Exchange exchange) throws IOException {
    if (exchange.bodyIsEmpty()) {
      throw EngineException.invalid("invalid JSON: got EOF while reading request body");
    }
    ContainerCreateRequest request = exchange.json(ContainerCreateRequest.class);
    SpecMapper.Mapped mapped = new SpecMapper(exchange.version()).spec(request);
    String platform =
        exchange.version().atLeast(41) ? exchange.query().textOrNull("platform") : null;
    Containers.Created created =
        containers().create(exchange.query().text("name"), platform, mapped.spec());
    List<String> warnings = new ArrayList<>(mapped.warnings());
    warnings.addAll(created.warnings());
    exchange.reply(201, new ContainerCreateResponse(created.id(), warnings));
  }

  private void start(Exchange exchange) throws IOException {
    if (!exchange.bodyIsEmpty()
        && exchange.body().readNBytes(LONGEST_EMPTY_BODY + 1).length > LONGEST_EMPTY_BODY) {
      throw EngineException.invalid(
          "starting container with non-empty request body was deprecated since API v1.22 and"
              + " removed in v1.24");
    }
    containers().start(exchange.name());
    exchange.reply(204);
  }

  private void stop(Exchange exchange) throws IOException {
    Query query = exchange.query();
    containers().stop(exchange.name(), stopSignal(exchange), query.number("t"));
    exchange.reply(204);
  }

  private void restart(Exchange exchange) throws IOException {
    Query query = exchange.query();
    containers().restart(exchange.name(), stopSignal(exchange), query.number("t"));
    exchange.reply(204);
  }

  /** Before 1.42 the container alone said which. */
  private static @Nullable String stopSignal(Exchange exchange) {
    return exchange.version().atLeast(42) ? exchange.query().textOrNull("signal") : null;
  }

  private void kill(Exchange exchange) throws IOException {
    containers().kill(exchange.name(), exchange.query().text("signal"));
    exchange.reply(204);
  }

  private void pause(Exchange exchange) throws IOException {
    containers().pause(exchange.name());
    exchange.reply(204);
  }

  private void unpause(Exchange exchange) throws IOException {
    containers().unpause(exchange.name());
    exchange.reply(204);
  }

  private void rename(Exchange exchange) throws IOException {
    containers().rename(exchange.name(), exchange.query().text("name"));
    exchange.reply(204);
  }

  private void update(Exchange exchange) throws IOException {
    ContainerUpdateRequest request = exchange.json(ContainerUpdateRequest.class);
    List<String> warnings =
        containers().update(exchange.name(), new SpecMapper(exchange.version()).update(request));
    exchange.reply(200, new ContainerUpdateResponse(warnings.isEmpty() ? null : warnings));
  }

  private void remove(Exchange exchange) throws IOException {
    Query query = exchange.query();
    containers()
        .remove(
            exchange.name(),
            new Containers.Removal(query.flag("force"), query.flag("v"), query.flag("link")));
    exchange.reply(204);
  }

  /**
   * The head leaves at once: clients start the container only when they know that we wait. Before
   * 1.30 it came with the result; before 1.34 a failed removal was told by saying nothing.
   */
  private void await(Exchange exchange) throws IOException, InterruptedException {
    String condition = exchange.version().atLeast(30) ? exchange.query().text("condition") : "";
    try (Containers.Waiting waiting = containers().await(exchange.name(), condition)) {
      OutputStream out = new LateStream(exchange, 200, "application/json");
      boolean headFirst = exchange.version().atLeast(30);
      if (headFirst) {
        out.flush();
      }
      Containers.WaitResult result;
      try (Disconnect.Registration _ = exchange.interruptWhenClientGone()) {
        result = waiting.get();
      }
      String error = result.error();
      if (error != null && headFirst && !exchange.version().atLeast(34)) {
        return;
      }
      out.write(
          Json.line(
              new WaitResponse(result.exitCode(), error == null ? null : new WaitError(error))));
    }
  }

  private void prune(Exchange exchange) throws IOException {
    Pruned pruned = containers().prune(FilterJson.of(exchange));
    exchange.reply(
        200,
        new ContainersPruneReport(
            pruned.deleted().isEmpty() ? null : pruned.deleted(), pruned.reclaimedBytes()));
  }

  private void top(Exchange exchange) throws IOException {
    Containers.Processes processes =
        containers().top(exchange.name(), exchange.query().text("ps_args"));
    exchange.reply(200, new ContainerTop(processes.rows(), processes.titles()));
  }

  private void changes(Exchange exchange) throws IOException {
    List<FilesystemChange> changes =
        containers().changes(exchange.name()).stream()
            .map(change -> new FilesystemChange(change.path(), number(change.kind())))
            .toList();
    exchange.reply(200, changes);
  }

  private static int number(Containers.Change.Kind kind) {
    return switch (kind) {
      case MODIFIED -> 0;
      case ADDED -> 1;
      case DELETED -> 2;
    };
  }
}
