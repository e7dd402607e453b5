package dev.berth.server;

import dev.berth.api.ImageDeleteItem;
import dev.berth.api.ImageSummary;
import dev.berth.api.ImagesPruneReport;
import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;
import dev.berth.engine.Container;
import dev.berth.engine.ContainerQuery;
import dev.berth.engine.Engine;
import dev.berth.engine.Filters;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
        Route.get("/images/search", this::search).refusing("no registry is searched"),
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
    ApiVersion version = exchange.version();
    ImageFilters filters = ImageMapper.listFilters(listFilters(exchange), clock.instant());
    List<Image> images = images().list(filters, query.flag("all"));
    boolean withShared = version.atLeast(42) && query.flag("shared-size");
    boolean withManifests = version.atLeast(47) && query.flag("manifests");
    Map<Digest, Long> shared = withShared ? images().sharedBytes() : Map.of();
    Map<String, List<String>> users =
        withManifests || version.atLeast(51) ? containersByImage() : Map.of();
    ImageMapper mapper = new ImageMapper(version);
    List<ImageSummary> summaries = new ArrayList<>();
    for (Image image : images) {
      List<String> containers = users.getOrDefault(image.id().toString(), List.of());
      summaries.add(
          mapper.summary(
              image,
              new ImageMapper.Extras(
                  withShared ? shared.getOrDefault(image.id(), 0L) : ImageMapper.NOT_COUNTED,
                  version.atLeast(51) ? containers.size() : ImageMapper.NOT_COUNTED,
                  withManifests ? manifest(image, containers) : null)));
    }
    exchange.reply(200, summaries);
  }

  /** Before 1.41 a pattern for names had a parameter of its own. */
  private static Filters listFilters(Exchange exchange) {
    Filters filters = FilterJson.of(exchange);
    String pattern = exchange.query().text("filter");
    if (pattern.isEmpty() || exchange.version().atLeast(41)) {
      return filters;
    }
    Map<String, List<String>> values = new HashMap<>(filters.values());
    List<String> patterns = new ArrayList<>(filters.of("reference"));
    patterns.add(pattern);
    values.put("reference", patterns);
    return new Filters(values);
  }

  private ImageMapper.UsedManifest manifest(Image image, List<String> containers) {
    return new ImageMapper.UsedManifest(images().manifest(image.id()), containers);
  }

  private Map<String, List<String>> containersByImage() {
    return engine.containers().list(new ContainerQuery(true, 0, false, Filters.NONE)).stream()
        .collect(
            Collectors.groupingBy(
                container -> container.definition().imageId(),
                Collectors.mapping(Container::id, Collectors.toList())));
  }

  private void search(Exchange exchange) {
    throw EngineException.notImplemented(
        "searching a registry for "
            + GoQuote.quote(exchange.query().text("term"))
            + " is not offered by this engine");
  }

  private void inspect(Exchange exchange) throws IOException {
    boolean manifests = exchange.version().atLeast(48) && exchange.query().flag("manifests");
    Platform platform = PlatformQuery.one(exchange, 49);
    if (manifests && platform != null) {
      throw EngineException.invalid(
          "conflicting options: manifests and platform options cannot both be set");
    }
    Image image = images().find(exchange.name(), platform);
    List<String> users =
        manifests ? containersByImage().getOrDefault(image.id().toString(), List.of()) : List.of();
    exchange.reply(
        200,
        new ImageMapper(exchange.version())
            .inspect(image, manifests ? manifest(image, users) : null));
  }

  private void history(Exchange exchange) throws IOException {
    Image image = images().find(exchange.name(), PlatformQuery.one(exchange, 48));
    exchange.reply(
        200, images().history(image.id().toString()).stream().map(ImageMapper::history).toList());
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
    images().save(names, PlatformQuery.one(exchange, 48), new LateStream(exchange, 200, TAR));
  }

  private void load(Exchange exchange) throws IOException {
    boolean quiet = exchange.query().flag("quiet", true);
    Platform platform = PlatformQuery.one(exchange, 48);
    ProgressStream.run(
        exchange, progress -> images().load(exchange.body(), platform, quiet, progress));
  }

  private void create(Exchange exchange) throws IOException {
    Query query = exchange.query();
    String platformText = exchange.version().atLeast(32) ? query.text("platform") : "";
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
            PlatformQuery.one(exchange, 46),
            RegistryRoutes.credentials(exchange));
    ProgressStream.run(exchange, progress -> images().push(request, progress));
  }

  private void tag(Exchange exchange) throws IOException {
    Query query = exchange.query();
    images().tag(exchange.name(), query.text("repo"), query.text("tag"));
    exchange.reply(201);
  }

  private void remove(Exchange exchange) throws IOException {
    Query query = exchange.query();
    Platform platform = PlatformQuery.ofSeveral(exchange, 50);
    if (platform != null) {
      images().find(exchange.name(), platform);
    }
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
