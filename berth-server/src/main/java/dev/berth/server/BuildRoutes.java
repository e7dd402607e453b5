package dev.berth.server;

import dev.berth.api.BuildCachePruneReport;
import dev.berth.build.FailedCommandException;
import dev.berth.core.EngineException;
import dev.berth.engine.BuildOrder;
import dev.berth.engine.Engine;
import dev.berth.image.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Building images as Docker's classic builder does. BuildKit is not offered, which the header
 * Builder-Version of a ping tells.
 */
final class BuildRoutes {
  private static final List<String> SIZES =
      List.of("keep-storage", "reserved-space", "max-used-space", "min-free-space");

  private final Engine engine;

  BuildRoutes(Engine engine) {
    this.engine = engine;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/build", this::build),
        Route.post("/build/prune", BuildRoutes::prune).from(31),
        Route.post("/build/cancel", this::cancel).from(31),
        Route.post("/session", BuildRoutes::noBuildKit).from(31),
        Route.post("/grpc", BuildRoutes::noBuildKit).from(31));
  }

  private void build(Exchange exchange) throws IOException, InterruptedException {
    BuildOrder order = new BuildQuery(exchange).order();
    boolean quiet = exchange.query().flag("q");
    BuildStream stream = new BuildStream(exchange, quiet);
    try (Disconnect.Registration _ = exchange.interruptWhenClientGone()) {
      Digest image = engine.builds().build(order, exchange.body(), stream);
      if (quiet) {
        stream.only(image + "\n");
      }
    } catch (UncheckedIOException clientGone) {
      throw clientGone.getCause();
    } catch (EngineException failure) {
      if (!stream.begun()) {
        throw failure;
      }
      stream.fail(0, failure.text());
    } catch (InterruptedException cancelled) {
      if (exchange.isClientGone()) {
        throw cancelled;
      }
      stream.fail(0, "build cancelled");
    } catch (FailedCommandException failure) {
      stream.fail(failure.exitCode(), failure.text());
    }
  }

  private void cancel(Exchange exchange) throws IOException {
    String id = exchange.query().text("id");
    if (id.isEmpty()) {
      throw EngineException.invalid("build ID not provided");
    }
    engine.builds().cancel(id);
    exchange.reply(200);
  }

  /** The steps of builds are images: there is no cache beside them. */
  private static void prune(Exchange exchange) throws IOException {
    for (String name : SIZES) {
      String value = exchange.query().text(name);
      if (!value.isEmpty() && !value.matches("[+-]?[0-9]{1,18}")) {
        throw EngineException.invalid(name + " is in bytes and expects an integer, got " + value);
      }
    }
    var _ = FilterJson.of(exchange);
    exchange.reply(200, new BuildCachePruneReport(null, 0));
  }

  private static void noBuildKit(Exchange exchange) {
    throw EngineException.notImplemented(
        "BuildKit is not offered by this engine: build with DOCKER_BUILDKIT=0");
  }
}
