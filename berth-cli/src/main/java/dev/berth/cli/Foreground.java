package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.core.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A container in the foreground: its streams, its terminal's size, its signals, its exit code. */
final class Foreground {
  private static final int SIGNAL_BASE = 128;
  private static final List<String> PROXIED =
      List.of("INT", "TERM", "HUP", "USR2", "CONT", "WINCH");

  private final EngineClient engine;
  private final String id;
  private final Options options;

  /**
   * @param tty whether the container has a terminal
   * @param detachKeys keys that leave it running, or null for the default
   * @param signalProxy whether signals to this process go to the container
   */
  record Options(boolean tty, @Nullable String detachKeys, boolean signalProxy) {}

  Foreground(EngineClient engine, String id, Options options) {
    this.engine = engine;
    this.id = id;
    this.options = options;
  }

  /**
   * Attaches, starts, and waits.
   *
   * @param streams which of stdin, stdout and stderr to join
   * @param condition what to wait for; {@code null} when the container runs already
   * @param start starts the container once everything listens
   */
  int run(List<String> streams, @Nullable String condition, Runnable start) throws IOException {
    boolean stdin = streams.contains("stdin");
    Query query =
        Query.none()
            .with("stream", true)
            .with("stdin", stdin)
            .with("stdout", streams.contains("stdout"))
            .with("stderr", streams.contains("stderr"))
            .with("detachKeys", options.detachKeys());
    try (HttpExchange exchange = engine.hijack("/containers/" + id + "/attach" + query, null)) {
      CompletableFuture<Integer> ended = condition == null ? null : waiting(condition);
      start.run();
      proxySignals();
      try (Terminal _ = options.tty() && stdin ? Terminal.raw() : null) {
        if (options.tty()) {
          resize();
        }
        InputStream input = stdin ? System.in : null;
        new AttachedStreams(exchange, options.tty()).pump(input);
      }
      return ended == null ? exitCodeNow() : result(ended);
    }
  }

  private CompletableFuture<Integer> waiting(String condition) {
    HttpExchange exchange =
        engine.open(
            "POST",
            "/containers/" + id + "/wait" + Query.none().with("condition", condition),
            null,
            java.util.Map.of());
    return CompletableFuture.supplyAsync(() -> {
      try (exchange) {
        return Json.MAPPER.readTree(exchange.body()).path("StatusCode").asInt();
      } catch (IOException broken) {
        throw new CliException(125, "the connection broke while waiting for the container");
      }
    });
  }

  /** The code, unless the user detached: then the container goes on and 0 is right. */
  private int result(CompletableFuture<Integer> ended) {
    try {
      if (!ended.isDone() && options.tty() && running()) {
        return 0;
      }
      return ended.get();
    } catch (ExecutionException failure) {
      throw new CliException(125, "waiting for the container failed: " + failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return SIGNAL_BASE + 2;
    }
  }

  private boolean running() {
    try {
      return engine.get("/containers/" + id + "/json").path("State").path("Running").asBoolean();
    } catch (ApiException gone) {
      return false;
    }
  }

  private int exitCodeNow() {
    JsonNode state = engine.get("/containers/" + id + "/json").path("State");
    return state.path("Running").asBoolean() ? 0 : state.path("ExitCode").asInt();
  }

  private void proxySignals() {
    for (String name : PROXIED) {
      boolean window = name.equals("WINCH");
      if (window ? options.tty() : options.signalProxy() && !options.tty()) {
        Signals.handle(name, signal -> Thread.startVirtualThread(() -> pass(signal)));
      }
    }
  }

  private void pass(String signal) {
    if (signal.equals("WINCH")) {
      resize();
      return;
    }
    try {
      engine.post("/containers/" + id + "/kill", Query.none().with("signal", signal), null);
    } catch (ApiException ended) {
      // It ended just now; its exit code is on the way.
    }
  }

  private void resize() {
    Terminal.Size size = Terminal.size();
    if (size != null) {
      try {
        engine.post(
            "/containers/" + id + "/resize",
            Query.none().with("h", size.rows()).with("w", size.columns()),
            null);
      } catch (ApiException ended) {
        // It ended just now, or has not started yet and gets the size with its start.
      }
    }
  }
}
