package dev.berth.image;

import dev.berth.core.EngineException;
import dev.berth.core.EventSink;
import dev.berth.image.content.ImageTables;
import dev.berth.image.content.LayerRecord;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The images of this engine. Safe for use by any thread. All errors are {@link EngineException}s in
 * Docker's words; an operation that fails leaves nothing half-made.
 */
public final class Images {
  private final ImageStorage storage;
  private final InstantSource clock;
  private final ImageEvents events;
  private final ImageView view;
  private final ImageListing listing;
  private final ImageRemover remover;
  private final ImagePruner pruner;
  private final ImageLoader loader;
  private final ImageSaver saver;
  private final ImageMaker maker;
  private final BuiltImages built;
  private final ImagePuller puller;
  private final ImagePusher pusher;
  private final RegistryQueries queries;
  private volatile RegistrySettings registries;

  /**
   * @param storage started
   * @param users tells which containers use an image
   * @param events told of every change
   * @param clock tells the time
   * @param registries how registries are spoken to
   */
  public Images(
      ImageStorage storage,
      ImageUsers users,
      EventSink events,
      InstantSource clock,
      RegistrySettings registries) {
    this.storage = storage;
    this.clock = clock;
    this.events = new ImageEvents(events, clock);
    this.view = new ImageView(storage);
    this.listing = new ImageListing(storage, view);
    this.remover = new ImageRemover(storage, users, this.events);
    this.pruner = new ImagePruner(storage, view, remover, this.events);
    ImageAdder adder = new ImageAdder(storage, view, clock);
    this.loader = new ImageLoader(storage, adder, this.events);
    this.saver = new ImageSaver(storage, this.events);
    this.maker = new ImageMaker(storage, adder, this.events, clock);
    this.built = new BuiltImages(storage);
    this.registries = registries;
    this.puller = new ImagePuller(storage, adder, this.events, () -> this.registries);
    this.pusher = new ImagePusher(storage, this.events, () -> this.registries);
    this.queries = new RegistryQueries(() -> this.registries);
  }

  /** Speaks to registries in another way from the next pull or push on. */
  public void reload(RegistrySettings changed) {
    registries = changed;
  }

  /**
   * Finds an image by name, id, unambiguous start of an id, or digest.
   *
   * @throws EngineException of kind NOT_FOUND, or INVALID for what is no reference
   */
  public Image find(String name) {
    return storage
        .store()
        .view(transaction -> view.image(transaction, storage.catalogue().find(transaction, name)));
  }

  /**
   * As {@link #find(String)}, for a platform.
   *
   * @param platform that the image must run on, or null for any
   * @throws EngineException of kind NOT_FOUND also when it is for another platform
   */
  public Image find(String name, @Nullable Platform platform) {
    Image image = find(name);
    Platform own = image.document().platform();
    if (platform != null && own.distanceFrom(platform) < 0) {
      throw otherPlatform(name, own, platform);
    }
    return image;
  }

  static EngineException otherPlatform(String name, Platform own, Platform wanted) {
    return EngineException.notFound(
        "image with reference "
            + name
            + " was found but its platform ("
            + own
            + ") does not match the specified platform ("
            + wanted
            + ")");
  }

  /** The manifest of an image. */
  public ImageManifest manifest(Digest id) {
    return storage.store().view(transaction -> ImageView.manifest(transaction, id));
  }

  /**
   * Lists images, the newest first. Intermediate images (untagged and parents of others) are left
   * out unless all are asked for.
   */
  public List<Image> list(ImageFilters filters, boolean all) {
    return listing.list(filters, all);
  }

  /** How much of each image's size is shared with other images. */
  public Map<Digest, Long> sharedBytes() {
    return listing.sharedBytes();
  }

  /** The size of all layers, each counted once. */
  public long layersBytes() {
    return storage
        .store()
        .view(transaction ->
            transaction.all(ImageTables.LAYERS).values().stream()
                .mapToLong(LayerRecord::sizeBytes)
                .sum());
  }

  /** How an image came about, the last step first. */
  public List<LayerHistory> history(String name) {
    return listing.history(name);
  }

  /**
   * Gives an image one more name; takes the name from the image that had it.
   *
   * @param tag or empty for {@code latest}
   */
  public void tag(String source, String repository, String tag) {
    Reference named = Reference.parse(repository);
    Reference reference = tag.isEmpty() ? named.withDefaultTag() : named.withTag(tag);
    if (reference.digest() != null) {
      throw EngineException.invalid("refusing to create a tag with a digest reference");
    }
    Image image =
        storage
            .store()
            .update(transaction -> {
              Digest id = storage.catalogue().find(transaction, source);
              storage.catalogue().name(transaction, reference, id, clock.instant());
              return view.image(transaction, id);
            });
    events.named("tag", image.id().toString(), reference.familiar(), image.config().labels());
  }

  /**
   * Removes a name, and the image with it when that was the last one; or an image by id.
   *
   * @param force also with several names, or when stopped containers use it
   * @param pruneParents also untagged parents that nothing else needs
   * @throws EngineException of kind CONFLICT when it is used
   */
  public List<ImageRemoval> remove(String name, boolean force, boolean pruneParents) {
    return remover.remove(name, force, pruneParents);
  }

  /** Removes what no container uses: dangling images, or all when the filter says not dangling. */
  public PruneReport prune(ImageFilters filters) {
    return pruner.prune(filters);
  }

  /**
   * Takes in a docker-archive or an OCI layout, in whichever compression.
   *
   * @param platform only images for it, or null for all of them, in a layout for those of the host
   * @param quiet no progress, only the names
   * @return the images taken in
   */
  public List<Image> load(
      InputStream archive, @Nullable Platform platform, boolean quiet, ProgressSink progress) {
    return loader.load(archive, platform, quiet, progress);
  }

  /**
   * Writes images as an archive that is a docker-archive and an OCI layout at once.
   *
   * @param platform that all of them must be for, or null for any
   */
  public void save(List<String> names, @Nullable Platform platform, OutputStream archive) {
    saver.save(names, platform, archive);
  }

  /** Makes an image of one layer of a tree's archive, in whichever compression. */
  public Image importTree(ImportRequest request, InputStream archive, ProgressSink progress) {
    return maker.importTree(request, archive, progress);
  }

  /**
   * Makes an image of another and one more layer.
   *
   * @param layer a tar archive, not compressed, or null for a change of the configuration only
   */
  public Image commit(CommitRequest request, @Nullable InputStream layer) {
    return maker.commit(request, layer);
  }

  /** What an earlier build made by the same step; its reference is not looked at. */
  public Optional<Digest> builtBy(CommitRequest step) {
    return built.find(step);
  }

  /** Pulls from a registry. */
  public void pull(PullRequest request, ProgressSink progress) {
    puller.pull(request, progress);
  }

  /** Pushes to a registry. */
  public void push(PushRequest request, ProgressSink progress) {
    pusher.push(request, progress);
  }

  /**
   * Finds out whether a registry knows somebody.
   *
   * @param serverAddress host or URL; empty for Docker Hub
   * @throws EngineException of kind UNAUTHORIZED when it does not
   */
  public void login(String serverAddress, RegistryCredentials credentials) {
    queries.login(serverAddress, credentials);
  }

  /**
   * Looks at an image in its registry without pulling it.
   *
   * @throws EngineException as {@link #pull}
   */
  public RemoteImage inspectRemote(Reference reference, RegistryCredentials credentials) {
    return queries.inspect(reference, credentials);
  }
}
