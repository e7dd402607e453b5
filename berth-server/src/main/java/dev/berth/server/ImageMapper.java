package dev.berth.server;

import dev.berth.api.ContainerConfig;
import dev.berth.api.DriverData;
import dev.berth.api.HealthConfig;
import dev.berth.api.ImageConfig;
import dev.berth.api.ImageConfigLegacy;
import dev.berth.api.ImageDeleteItem;
import dev.berth.api.ImageHistoryItem;
import dev.berth.api.ImageInspect;
import dev.berth.api.ImageSummary;
import dev.berth.api.ManifestSummary;
import dev.berth.api.OciDescriptor;
import dev.berth.api.OciPlatform;
import dev.berth.engine.Filters;
import dev.berth.image.Descriptor;
import dev.berth.image.Digest;
import dev.berth.image.Healthcheck;
import dev.berth.image.Image;
import dev.berth.image.ImageDocument;
import dev.berth.image.ImageFilters;
import dev.berth.image.ImageManifest;
import dev.berth.image.ImageRemoval;
import dev.berth.image.LayerHistory;
import dev.berth.image.Platform;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Images as JSON, and the filters that select them. */
final class ImageMapper {
  private static final Set<String> LIST_FILTERS =
      Set.of("dangling", "label", "label!", "before", "since", "reference", "until");
  private static final Set<String> PRUNE_FILTERS = Set.of("dangling", "label", "label!", "until");
  static final long NOT_COUNTED = -1;

  /** An image kept no configuration of the container that it was made of; told before 1.45. */
  private static final ContainerConfig NO_CONTAINER_CONFIG =
      JsonBody.parse(new byte[] {'{', '}'}, ContainerConfig.class);

  private final ApiVersion version;

  ImageMapper(ApiVersion version) {
    this.version = version;
  }

  /** Filters of a list; nothing said about dangling shows both kinds. */
  static ImageFilters listFilters(Filters filters, Instant now) {
    filters.requireOnly(LIST_FILTERS);
    return filters(filters, filters.choice("dangling"), now);
  }

  /** Filters of a prune; nothing said about dangling takes only dangling ones. */
  static ImageFilters pruneFilters(Filters filters, Instant now) {
    filters.requireOnly(PRUNE_FILTERS);
    return filters(filters, Optional.of(filters.choice("dangling").orElse(true)), now);
  }

  private static ImageFilters filters(Filters filters, Optional<Boolean> dangling, Instant now) {
    List<String> until = filters.of("until");
    return new ImageFilters(
        filters.of("reference"),
        filters.of("label"),
        filters.of("label!"),
        dangling,
        filters.of("before"),
        filters.of("since"),
        until.isEmpty() ? null : GoTime.parse(until.getFirst(), now));
  }

  /**
   * What a list tells beside the image itself.
   *
   * @param sharedBytes with other images, or {@link #NOT_COUNTED}
   * @param containers that use it, or {@link #NOT_COUNTED}
   * @param manifest with the containers that use it, or null where nobody asked
   */
  record Extras(long sharedBytes, long containers, @Nullable UsedManifest manifest) {}

  /**
   * The manifest of an image and who uses it.
   *
   * @param manifest of the image
   * @param containers their ids
   */
  record UsedManifest(ImageManifest manifest, List<String> containers) {}

  /** Before 1.43 an image without a name was called so, and so it counted as one name. */
  ImageSummary summary(Image image, Extras extras) {
    boolean unnamed =
        !version.atLeast(43) && image.repoTags().isEmpty() && image.repoDigests().isEmpty();
    UsedManifest used = extras.manifest();
    return new ImageSummary(
        extras.containers(),
        image.created().map(Instant::getEpochSecond).orElse(0L),
        image.id().toString(),
        image.config().labels().isEmpty() ? null : image.config().labels(),
        parent(image),
        used == null || !version.atLeast(48) ? null : descriptor(used.manifest().descriptor()),
        used == null ? null : manifests(image, used),
        unnamed ? List.of("<none>@<none>") : image.repoDigests(),
        unnamed ? List.of("<none>:<none>") : image.repoTags(),
        extras.sharedBytes(),
        image.sizeBytes(),
        version.atLeast(44) ? null : image.sizeBytes());
  }

  static OciDescriptor descriptor(Descriptor descriptor) {
    return new OciDescriptor(
        descriptor.mediaType(),
        descriptor.digest().toString(),
        descriptor.size(),
        null,
        null,
        null);
  }

  /** An image here is for one platform, so it has one manifest. */
  private static List<ManifestSummary> manifests(Image image, UsedManifest used) {
    Platform platform = image.document().platform();
    String variant = platform.variant();
    long content = used.manifest().contentBytes();
    return List.of(
        new ManifestSummary(
            used.manifest().descriptor().digest().toString(),
            descriptor(used.manifest().descriptor()),
            true,
            new ManifestSummary.Size(content, content + image.sizeBytes()),
            "image",
            new ManifestSummary.ImageData(
                new OciPlatform(
                    platform.architecture(),
                    platform.os(),
                    image.document().osVersion(),
                    variant == null ? "" : variant),
                new ManifestSummary.Unpacked(image.sizeBytes()),
                used.containers())));
  }

  private static String parent(Image image) {
    Digest parent = image.parent();
    return parent == null ? "" : parent.toString();
  }

  /**
   * An image alone.
   *
   * @param used its manifest, or null where nobody asked
   */
  ImageInspect inspect(Image image, @Nullable UsedManifest used) {
    String variant = image.document().platform().variant();
    return new ImageInspect(
        image.id().toString(),
        image.repoTags(),
        image.repoDigests(),
        parent(image),
        comment(image.document()),
        image.created().map(GoTime::format).orElse(version.atLeast(44) ? "" : GoTime.ZERO),
        version.atLeast(45) ? null : NO_CONTAINER_CONFIG,
        image.document().dockerVersion(),
        image.document().author(),
        config(image.config()),
        image.document().platform().architecture(),
        variant == null ? "" : variant,
        image.document().platform().os(),
        image.document().osVersion(),
        image.sizeBytes(),
        version.atLeast(44) ? null : image.sizeBytes(),
        new DriverData(image.graphDriver().name(), image.graphDriver().data()),
        new ImageInspect.RootFs(
            "layers", image.document().diffIds().stream().map(Digest::toString).toList()),
        new ImageInspect.Metadata(GoTime.format(image.lastTagTime())),
        used == null ? null : descriptor(used.manifest().descriptor()),
        used == null ? null : manifests(image, used));
  }

  /** Its own, else that of its last step. */
  private static String comment(ImageDocument document) {
    return document.comment().isEmpty() && !document.history().isEmpty()
        ? document.history().getLast().comment()
        : document.comment();
  }

  private ImageConfig config(dev.berth.image.ImageConfig config) {
    String signal = config.stopSignal();
    return new ImageConfig(
        config.user(),
        ConfigMapper.empties(config.exposedPorts()),
        orNull(config.env()),
        orNull(config.entrypoint()),
        orNull(config.cmd()),
        config.volumes().isEmpty() ? null : ConfigMapper.empties(config.volumes()),
        config.workingDir(),
        config.labels().isEmpty() ? null : config.labels(),
        signal == null ? "" : signal,
        config.argsEscaped(),
        health(config.healthcheck()),
        orNull(config.onBuild()),
        config.shell(),
        version.atLeast(50) ? null : ImageConfigLegacy.EMPTY);
  }

  private static @Nullable List<String> orNull(@Nullable List<String> list) {
    return list == null || list.isEmpty() ? null : list;
  }

  private static @Nullable HealthConfig health(@Nullable Healthcheck health) {
    return health == null
        ? null
        : new HealthConfig(
            health.test(),
            health.interval().toNanos(),
            health.timeout().toNanos(),
            health.startPeriod().toNanos(),
            health.startInterval().toNanos(),
            health.retries());
  }

  static ImageHistoryItem history(LayerHistory step) {
    Instant created = step.created();
    return new ImageHistoryItem(
        step.comment(),
        created == null ? 0 : created.getEpochSecond(),
        step.createdBy(),
        step.id(),
        step.sizeBytes(),
        step.tags().isEmpty() ? null : step.tags());
  }

  static ImageDeleteItem removal(ImageRemoval removal) {
    return switch (removal) {
      case ImageRemoval.Untagged(String reference) -> new ImageDeleteItem(reference, "");
      case ImageRemoval.Deleted(Digest digest, long _) ->
          new ImageDeleteItem("", digest.toString());
    };
  }
}
