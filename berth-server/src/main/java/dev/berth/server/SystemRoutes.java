package dev.berth.server;

import dev.berth.api.AddressPool;
import dev.berth.api.ContainerSummary;
import dev.berth.api.DiskUsage;
import dev.berth.api.FirewallInfo;
import dev.berth.api.ImageSummary;
import dev.berth.api.Volume;
import dev.berth.core.EngineException;
import dev.berth.core.Event;
import dev.berth.engine.Container;
import dev.berth.engine.ContainerQuery;
import dev.berth.engine.Engine;
import dev.berth.engine.EventJournal;
import dev.berth.engine.Filters;
import dev.berth.image.Digest;
import dev.berth.image.ImageFilters;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The engine itself: ping, version, info, events, disk usage, registry log-in. */
final class SystemRoutes {
  private static final Duration EVENT_WAIT = Duration.ofSeconds(30);

  private final Engine engine;
  private final Product product;
  private final InstantSource clock;
  private final AtomicInteger eventListeners = new AtomicInteger();

  SystemRoutes(Engine engine, Product product, InstantSource clock) {
    this.engine = engine;
    this.product = product;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/_ping", SystemRoutes::ping),
        Route.head("/_ping", SystemRoutes::ping),
        Route.get("/version", this::version),
        Route.get("/info", this::info),
        Route.get("/events", this::events),
        Route.get("/system/df", this::diskUsage).from(25));
  }

  private static void ping(Exchange exchange) throws IOException {
    exchange.answerHeader("Builder-Version", "1");
    exchange.answerHeader("Swarm", "inactive");
    exchange.answerHeader("Cache-Control", "no-cache, no-store, must-revalidate");
    exchange.answerHeader("Pragma", "no-cache");
    exchange.replyText(200, exchange.method().equals("HEAD") ? "" : "OK");
  }

  private SystemMapper mapper() {
    return new SystemMapper(product, engine.settings(), engine.system().summary());
  }

  private void version(Exchange exchange) throws IOException {
    exchange.reply(200, mapper().version());
  }

  private void info(Exchange exchange) throws IOException {
    SystemMapper.InUse inUse =
        new SystemMapper.InUse(
            engine.storageDriver(),
            engine.storageStatus(),
            engine.runtimeNames(),
            engine.volumes().driverNames(),
            engine.networks().driverNames(),
            engine.networkSettings().addressPools().stream()
                .map(pool -> new AddressPool(pool.base(), pool.size()))
                .toList(),
            new FirewallInfo(engine.firewallBackend(), null),
            eventListeners.get());
    exchange.reply(200, mapper().info(inUse, exchange.version(), clock.instant()));
  }

  private void events(Exchange exchange) throws IOException, InterruptedException {
    Query query = exchange.query();
    Instant now = clock.instant();
    Instant since = GoTime.parse(query.text("since"), now);
    Instant until = GoTime.parse(query.text("until"), now);
    if (since != null && until != null && since.isAfter(until)) {
      throw EngineException.invalid(
          "`since` time ("
              + query.text("since")
              + ") cannot be after `until` time ("
              + query.text("until")
              + ")");
    }
    Filters filters = FilterJson.of(exchange);
    try (EventJournal.Subscription subscription =
        engine.events().subscribe(filters, since, until)) {
      eventListeners.incrementAndGet();
      OutputStream out = exchange.stream(200, "application/json");
      out.flush();
      try (Disconnect.Registration _ = exchange.interruptWhenClientGone()) {
        pass(subscription, out, exchange.version());
      } finally {
        eventListeners.decrementAndGet();
      }
    }
  }

  private static void pass(
      EventJournal.Subscription subscription, OutputStream out, ApiVersion version)
      throws IOException, InterruptedException {
    while (true) {
      Event event = subscription.next(EVENT_WAIT);
      if (event != null) {
        if (!isKnown(event, version)) {
          continue;
        }
        out.write(Json.line(EventMapper.json(event)));
        out.flush();
      } else if (subscription.ended()) {
        return;
      }
    }
  }

  /** That an image was made is told since 1.46. */
  private static boolean isKnown(Event event, ApiVersion version) {
    return version.atLeast(46)
        || event.type() != Event.Type.IMAGE
        || !event.action().equals("create");
  }

  /** Whoever asks for nothing in particular gets everything. */
  private void diskUsage(Exchange exchange) throws IOException {
    List<String> types = exchange.version().atLeast(42) ? exchange.query().all("type") : List.of();
    for (String type : types) {
      if (!List.of("container", "image", "volume", "build-cache").contains(type)) {
        throw EngineException.invalid("unknown object type: " + type);
      }
    }
    boolean all = types.isEmpty();
    boolean images = all || types.contains("image");
    List<Container> containers = List.of();
    if (all || types.contains("container")) {
      containers = engine.measuredContainers();
    } else if (images) {
      containers = engine.containers().list(new ContainerQuery(true, 0, false, Filters.NONE));
    }
    exchange.reply(
        200,
        new DiskUsage(
            images ? engine.images().layersBytes() : 0,
            images ? images(exchange.version(), containers) : null,
            all || types.contains("container") ? containers(exchange.version(), containers) : null,
            all || types.contains("volume") ? volumes() : null,
            all || types.contains("build-cache") ? List.of() : null,
            null));
  }

  private List<ImageSummary> images(ApiVersion version, List<Container> containers) {
    Map<String, Long> users =
        containers.stream()
            .collect(
                Collectors.groupingBy(
                    container -> container.definition().imageId(), Collectors.counting()));
    Map<Digest, Long> shared = engine.images().sharedBytes();
    ImageMapper mapper = new ImageMapper(version);
    return engine.images().list(ImageFilters.NONE, false).stream()
        .map(image ->
            mapper.summary(
                image,
                new ImageMapper.Extras(
                    shared.getOrDefault(image.id(), 0L),
                    users.getOrDefault(image.id().toString(), 0L),
                    null)))
        .toList();
  }

  private List<ContainerSummary> containers(ApiVersion version, List<Container> containers) {
    SummaryMapper mapper = new SummaryMapper(version, clock.instant());
    return containers.stream().map(mapper::summary).toList();
  }

  private List<Volume> volumes() {
    return engine.volumes().usage().stream().map(VolumeMapper::usage).toList();
  }
}
