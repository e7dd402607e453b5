package dev.berth.server;

import dev.berth.api.ImageDeleteItem;
import dev.berth.api.ImageSummary;
import dev.berth.api.ImagesPruneReport;
import dev.berth.api.OciPlatform;
import dev.berth.core.EngineException;
import dev.berth.engine.Engine;
import dev.berth.image.Digest;
import dev.berth.image.Image;
import dev.berth.image.ImageFilters;
import dev.berth.image.Images;
import dev.berth.image.ImportRequest;
import dev.berth.image.Platform;
import dev.berth.image.PruneReport;
import dev.berth.image.PullRequest;
import dev.berth.image.PushRequest;
import dev.berth.image.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Images: list, look, name, remove, and move them in and out. */
final class ImageRoutes {
  private static final String TAR = "application/x-tar";

  private final Engine engine;
  private final InstantSource clock;

  ImageRoutes(Engine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/images/json", this::list),
        Route.get("/images/search", this::search),
        Route.get("/images/get", this::saveSeveral),
        Route.get("/images/{name}/get", this::saveOne),
        Route.get("/images/{name}/history", this::history),
        Route.get("/images/{name}/json", this::inspect),
        Route.post("/images/load", this::load),
        Route.post("/images/create", this::create),
        Route.post("/images/prune", this::prune).from(25),
        Route.post("/images/{name}/push", this::push),
        Route.post("/images/{name}/tag", this::tag),
        Route.delete("/images/{name}", this::remove));
  }

  private Images images() {
    return engine.images();
  }

  private void list(Exchange exchange) throws IOException {
    Query query = exchange.query();
    ImageFilters filters = ImageMapper.listFilters(FilterJson.of(exchange), clock.instant());
    List<Image> images = images().list(filters, query.flag("all"));
    ImageMapper mapper = new ImageMapper(exchange.version());
    List<ImageSummary> summaries;
    if (exchange.version().atLeast(42) && query.flag("shared-size")) {
      Map<Digest, Long> shared = images().sharedBytes();
      summaries =
          images.stream()
              .map(image -> mapper.summary(image, shared.getOrDefault(image.id(), 0L), -1))
              .toList();
    } else {
      summaries = images.stream().map(mapper::summary).toList();
    }
    exchange.reply(200, summaries);
  }

  private void search(Exchange exchange) {
    throw EngineException.notImplemented(
        "searching a registry for "
            + GoValues.quote(exchange.query().text("term"))
            + " is not offered by this engine");
  }

  private void inspect(Exchange exchange) throws IOException {
    Image image = images().find(exchange.name());
    exchange.reply(200, new ImageMapper(exchange.version()).inspect(image));
  }

  private void history(Exchange exchange) throws IOException {
    exchange.reply(
        200, images().history(exchange.name()).stream().map(ImageMapper::history).toList());
  }

  private void saveOne(Exchange exchange) throws IOException {
    save(exchange, List.of(exchange.name()));
  }

  private void saveSeveral(Exchange exchange) throws IOException {
    List<String> names = exchange.query().all("names");
    if (names.isEmpty()) {
      throw EngineException.invalid("no image was named");
    }
    save(exchange, names);
  }

  private void save(Exchange exchange, List<String> names) throws IOException {
    images().save(names, new LateStream(exchange, 200, TAR));
  }

  private void load(Exchange exchange) throws IOException {
    boolean quiet = exchange.query().flag("quiet", true);
    ProgressStream.run(exchange, progress -> images().load(exchange.body(), quiet, progress));
  }

  private void create(Exchange exchange) throws IOException {
    Query query = exchange.query();
    String platformText = query.text("platform");
    Platform platform = platformText.isEmpty() ? null : Platform.parse(platformText);
    String image = query.text("fromImage");
    if (!image.isEmpty()) {
      PullRequest request =
          new PullRequest(
              reference(image, query.text("tag")), platform, RegistryRoutes.credentials(exchange));
      ProgressStream.run(exchange, progress -> images().pull(request, progress));
      return;
    }
    String source = query.text("fromSrc");
    if (!source.equals("-")) {
      throw source.isEmpty()
          ? EngineException.invalid("either fromImage or fromSrc must be given")
          : EngineException.notImplemented(
              "importing from a URL is not offered; send the archive as the request's body");
    }
    String repository = query.text("repo");
    ImportRequest request =
        new ImportRequest(
            repository.isEmpty() ? null : reference(repository, query.text("tag")).withDefaultTag(),
            query.all("changes"),
            query.text("message"),
            source,
            platform);
    ProgressStream.run(
        exchange, progress -> images().importTree(request, exchange.body(), progress));
  }

  /** The tag of a query may also be a digest. */
  private static Reference reference(String name, String tag) {
    Reference reference = Reference.parse(name);
    if (tag.isEmpty()) {
      return reference;
    }
    return tag.contains(":") ? reference.withDigest(Digest.parse(tag)) : reference.withTag(tag);
  }

  private void push(Exchange exchange) throws IOException {
    Reference name = Reference.parse(exchange.name());
    String tag = exchange.query().text("tag");
    PushRequest request =
        new PushRequest(
            tag.isEmpty() ? name : name.withTag(tag),
            platform(exchange),
            RegistryRoutes.credentials(exchange));
    ProgressStream.run(exchange, progress -> images().push(request, progress));
  }

  private static @Nullable Platform platform(Exchange exchange) {
    String text = exchange.query().text("platform");
    if (text.isEmpty()) {
      return null;
    }
    OciPlatform json = JsonBody.parse(text.getBytes(StandardCharsets.UTF_8), OciPlatform.class);
    return Platform.normalised(json.os(), json.architecture(), json.variant());
  }

  private void tag(Exchange exchange) throws IOException {
    Query query = exchange.query();
    images().tag(exchange.name(), query.text("repo"), query.text("tag"));
    exchange.reply(201);
  }

  private void remove(Exchange exchange) throws IOException {
    Query query = exchange.query();
    List<ImageDeleteItem> removed =
        images().remove(exchange.name(), query.flag("force"), !query.flag("noprune")).stream()
            .map(ImageMapper::removal)
            .toList();
    exchange.reply(200, removed);
  }

  private void prune(Exchange exchange) throws IOException {
    PruneReport report =
        images().prune(ImageMapper.pruneFilters(FilterJson.of(exchange), clock.instant()));
    List<ImageDeleteItem> removed = new ArrayList<>();
    report.removals().forEach(removal -> removed.add(ImageMapper.removal(removal)));
    exchange.reply(
        200, new ImagesPruneReport(removed.isEmpty() ? null : removed, report.reclaimedBytes()));
  }
}
