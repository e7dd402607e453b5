package dev.berth.server;

import dev.berth.api.NetworkConnectRequest;
import dev.berth.api.NetworkCreateRequest;
import dev.berth.api.NetworkCreateResponse;
import dev.berth.api.NetworkDisconnectRequest;
import dev.berth.api.NetworksPruneReport;
import dev.berth.core.EngineException;
import dev.berth.engine.Engine;
import dev.berth.network.NetworkFilter;
import dev.berth.network.NetworkRecord;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/** Networks, and containers on them. */
final class NetworkRoutes {
  private final Engine engine;
  private final InstantSource clock;

  NetworkRoutes(Engine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/networks", this::list),
        Route.get("/networks/", this::list),
        Route.get("/networks/{name}", this::inspect),
        Route.post("/networks/create", this::create),
        Route.post("/networks/prune", this::prune).from(25),
        Route.post("/networks/{name}/connect", this::connect),
        Route.post("/networks/{name}/disconnect", this::disconnect),
        Route.delete("/networks/{name}", this::remove));
  }

  /** Before 1.28 a list told of the containers too. */
  private void list(Exchange exchange) throws IOException {
    NetworkFilter filter = NetworkMapper.listFilter(FilterJson.of(exchange));
    List<NetworkRecord> networks = engine.networks().list(filter);
    exchange.reply(
        200,
        exchange.version().atLeast(28)
            ? networks.stream().map(NetworkMapper::summary).toList()
            : networks.stream()
                .map(network -> NetworkMapper.inspect(engine.networks().inspect(network.id())))
                .toList());
  }

  private void inspect(Exchange exchange) throws IOException {
    String verbose = exchange.query().text("verbose");
    if (!verbose.isEmpty()) {
      GoValues.parseBoolean("invalid value for verbose: " + verbose + ": ", verbose);
    }
    String scope = exchange.query().text("scope");
    var status = engine.networks().inspect(exchange.name());
    if (!scope.isEmpty() && !scope.equals(status.network().scope())) {
      throw EngineException.notFound("network " + exchange.name() + " not found");
    }
    exchange.reply(200, NetworkMapper.inspect(status));
  }

  private void create(Exchange exchange) throws IOException {
    NetworkCreateRequest request = exchange.json(NetworkCreateRequest.class);
    NetworkRecord network =
        engine.networks().create(NetworkMapper.spec(request, exchange.version()));
    exchange.reply(201, new NetworkCreateResponse(network.id(), ""));
  }

  private void connect(Exchange exchange) throws IOException {
    NetworkConnectRequest request = exchange.json(NetworkConnectRequest.class);
    engine
        .networks()
        .connect(
            exchange.name(),
            request.container(),
            SpecMapper.endpoint(request.endpointConfig(), exchange.version()));
    exchange.reply(200);
  }

  private void disconnect(Exchange exchange) throws IOException {
    NetworkDisconnectRequest request = exchange.json(NetworkDisconnectRequest.class);
    engine.networks().disconnect(exchange.name(), request.container(), request.force());
    exchange.reply(200);
  }

  private void remove(Exchange exchange) throws IOException {
    engine.networks().remove(exchange.name());
    exchange.reply(204);
  }

  private void prune(Exchange exchange) throws IOException {
    List<String> removed =
        engine
            .networks()
            .prune(NetworkMapper.pruneFilter(FilterJson.of(exchange), clock.instant()));
    exchange.reply(200, new NetworksPruneReport(removed.isEmpty() ? null : removed));
  }
}
