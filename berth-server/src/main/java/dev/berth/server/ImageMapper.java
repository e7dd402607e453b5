package dev.berth.server;

import dev.berth.api.DriverData;
import dev.berth.api.HealthConfig;
import dev.berth.api.ImageConfig;
import dev.berth.api.ImageDeleteItem;
import dev.berth.api.ImageHistoryItem;
import dev.berth.api.ImageInspect;
import dev.berth.api.ImageSummary;
import dev.berth.engine.Filters;
import dev.berth.image.Digest;
import dev.berth.image.Healthcheck;
import dev.berth.image.Image;
import dev.berth.image.ImageFilters;
import dev.berth.image.ImageRemoval;
import dev.berth.image.LayerHistory;
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
  private static final long NOT_COUNTED = -1;

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

  ImageSummary summary(Image image, long sharedBytes, long containers) {
    return new ImageSummary(
        containers,
        image.created().map(Instant::getEpochSecond).orElse(0L),
        image.id().toString(),
        image.config().labels().isEmpty() ? null : image.config().labels(),
        parent(image),
        null,
        image.repoDigests(),
        image.repoTags(),
        sharedBytes,
        image.sizeBytes(),
        version.atLeast(44) ? null : image.sizeBytes());
  }

  /** As {@link #summary(Image, long, long)} with neither counted. */
  ImageSummary summary(Image image) {
    return summary(image, NOT_COUNTED, NOT_COUNTED);
  }

  private static String parent(Image image) {
    Digest parent = image.parent();
    return parent == null ? "" : parent.toString();
  }

  ImageInspect inspect(Image image) {
    String variant = image.document().platform().variant();
    return new ImageInspect(
        image.id().toString(),
        image.repoTags(),
        image.repoDigests(),
        parent(image),
        image.document().comment(),
        image.created().map(GoTime::format).orElse(version.atLeast(44) ? "" : GoTime.ZERO),
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
        null);
  }

  private static ImageConfig config(dev.berth.image.ImageConfig config) {
    String signal = config.stopSignal();
    return new ImageConfig(
        config.user(),
        ConfigMapper.empties(config.exposedPorts()),
        config.env(),
        config.entrypoint(),
        config.cmd(),
        ConfigMapper.empties(config.volumes()),
        config.workingDir(),
        config.labels(),
        signal == null ? "" : signal,
        config.argsEscaped(),
        health(config.healthcheck()),
        config.onBuild(),
        config.shell());
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
