package dev.berth.server;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.engine.ContainerStats.Sample;
import dev.berth.engine.Engine;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What containers use: once, or once a second. */
final class StatsRoutes {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final Engine engine;

  StatsRoutes(Engine engine) {
    this.engine = engine;
  }

  List<Route> routes() {
    return List.of(Route.get("/containers/{name}/stats", this::stats));
  }

  private void stats(Exchange exchange) throws IOException, InterruptedException {
    boolean stream = exchange.query().flag("stream", true);
    boolean oneShot = exchange.version().atLeast(41) && exchange.query().flag("one-shot");
    if (stream && oneShot) {
      throw EngineException.invalid("cannot have stream=true and one-shot=true");
    }
    try (Disconnect.Registration _ = exchange.interruptWhenClientGone()) {
      Sample first = engine.stats().sample(exchange.name());
      if (stream) {
        follow(exchange, first);
      } else if (oneShot || first.time() == null) {
        exchange.reply(200, StatsMapper.json(first, null));
      } else {
        Thread.sleep(PERIOD);
        exchange.reply(200, StatsMapper.json(engine.stats().sample(exchange.name()), first));
      }
    }
  }

  /** Goes on until the client leaves or the container is gone. */
  private void follow(Exchange exchange, Sample first) throws IOException, InterruptedException {
    OutputStream out = exchange.stream(200, "application/json");
    Sample before = null;
    Sample sample = first;
    while (sample != null) {
      out.write(Json.line(StatsMapper.json(sample, before)));
      out.flush();
      Thread.sleep(PERIOD);
      before = sample;
      sample = next(sample.id());
    }
  }

  private @Nullable Sample next(String id) {
    try {
      return engine.stats().sample(id);
    } catch (EngineException gone) {
      if (gone.kind() == ErrorKind.NOT_FOUND) {
        return null;
      }
      throw gone;
    }
  }
}
