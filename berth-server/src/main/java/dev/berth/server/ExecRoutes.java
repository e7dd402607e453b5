package dev.berth.server;

import dev.berth.api.ExecCreateRequest;
import dev.berth.api.ExecInspect;
import dev.berth.api.ExecStartRequest;
import dev.berth.api.IdResponse;
import dev.berth.core.EngineException;
import dev.berth.engine.Attachments;
import dev.berth.engine.Engine;
import dev.berth.engine.Execs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Further processes in running containers. */
final class ExecRoutes {
  private final Engine engine;

  ExecRoutes(Engine engine) {
    this.engine = engine;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/containers/{name}/exec", this::create),
        Route.post("/exec/{name}/start", this::start),
        Route.post("/exec/{name}/resize", this::resize),
        Route.get("/exec/{name}/json", this::inspect));
  }

  private void create(Exchange exchange) throws IOException {
    ExecCreateRequest request = exchange.json(ExecCreateRequest.class);
    List<String> command = request.cmd();
    if (command == null || command.isEmpty()) {
      throw EngineException.invalid("No exec command specified");
    }
    Execs.Spec spec =
        new Execs.Spec(
            command,
            request.env(),
            request.workingDir(),
            request.user(),
            request.privileged(),
            request.tty(),
            request.attachStdin(),
            request.attachStdout(),
            request.attachStderr(),
            request.detachKeys().isEmpty() ? null : request.detachKeys(),
            exchange.version().atLeast(42) ? request.consoleSize() : null);
    exchange.reply(201, new IdResponse(engine.execs().create(exchange.name(), spec)));
  }

  private void start(Exchange exchange) throws IOException, InterruptedException {
    ExecStartRequest request = exchange.json(ExecStartRequest.class);
    if (request.detach()) {
      engine.execs().startDetached(exchange.name());
      exchange.reply(200);
      return;
    }
    Execs.Exec exec = engine.execs().inspect(exchange.name());
    List<Integer> consoleSize = exchange.version().atLeast(42) ? request.consoleSize() : null;
    try (Attachments.Session session =
        engine.execs().startAttached(exchange.name(), request.tty(), consoleSize)) {
      String contentType = HijackedStreams.contentType(exchange.version(), session.tty());
      try (RawStream raw = exchange.hijack(contentType)) {
        HijackedStreams streams =
            new HijackedStreams(raw, exec.spec().attachStdin(), session.tty());
        try {
          session.run(streams);
        } catch (EngineException failure) {
          streams.stdout().write((failure.text() + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }

  private void resize(Exchange exchange) throws IOException {
    engine
        .execs()
        .resize(
            exchange.name(),
            StreamRoutes.size(exchange.query(), "h"),
            StreamRoutes.size(exchange.query(), "w"));
    exchange.reply(200);
  }

  private void inspect(Exchange exchange) throws IOException {
    Execs.Exec exec = engine.execs().inspect(exchange.name());
    Execs.Spec spec = exec.spec();
    List<String> command = spec.command();
    String keys = spec.detachKeys();
    exchange.reply(
        200,
        new ExecInspect(
            exec.id(),
            exec.running(),
            exec.exitCode(),
            new ExecInspect.ProcessConfig(
                spec.tty(),
                command.getFirst(),
                command.subList(1, command.size()),
                spec.privileged(),
                spec.user()),
            spec.attachStdin(),
            spec.attachStderr(),
            spec.attachStdout(),
            !exec.running() && exec.exitCode() != null,
            exec.containerId(),
            keys == null ? "" : keys,
            exec.pid()));
  }
}
