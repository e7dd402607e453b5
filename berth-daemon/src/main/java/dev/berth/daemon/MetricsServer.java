package dev.berth.daemon;

import dev.berth.metrics.Metrics;
import dev.berth.metrics.MetricsSources;
import dev.berth.server.ApiServer;
import dev.berth.server.ApiVersion;
import dev.berth.server.Authorization;
import dev.berth.server.Exchange;
import dev.berth.server.Listener;
import dev.berth.server.Route;
import dev.berth.server.Router;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Serves figures at {@code /metrics} of an address of their own, in the clear and to everybody, as
 * dockerd does. What makes them is loaded for the first who asks.
 */
final class MetricsServer implements AutoCloseable {
  private final MetricsSources sources;
  private final ApiServer server;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Metrics metrics;

  /**
   * @param version of the engine
   */
  MetricsServer(MetricsSources sources, String version) {
    this.sources = sources;
    this.server =
        new ApiServer(
            new Router(List.of(new Route("GET", "/metrics", ApiVersion.MINIMUM, this::show, ""))),
            version,
            Authorization.none());
  }

  /**
   * Takes connections.
   *
   * @throws dev.berth.core.EngineException that names the address and why it cannot be used
   */
  void start(InetSocketAddress address) {
    server.start(List.of(new Listener.Tcp(address, null)));
  }

  private void show(Exchange exchange) throws IOException {
    Metrics known = loaded();
    String accepted = exchange.header("Accept");
    known.write(accepted, exchange.stream(200, known.contentType(accepted)));
  }

  private Metrics loaded() {
    lock.lock();
    try {
      Metrics known = metrics;
      if (known == null) {
        known = Metrics.of(sources);
        metrics = known;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
