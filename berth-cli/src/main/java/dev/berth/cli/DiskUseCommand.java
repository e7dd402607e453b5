package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows how much disk everything takes. */
@Command(name = "df", description = "Show docker disk usage.")
final class DiskUseCommand extends Base {
  private static final String TABLE =
      "table {{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}";
  private static final String CONTAINER_TABLE =
      "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t"
          + "{{.Status}}\t{{.Names}}";
  private static final String VOLUME_TABLE = "table {{.Name}}\t{{.Links}}\t{{.Size}}";
  private static final String CACHE_TABLE =
      "table {{.ID}}\t{{.CacheType}}\t{{.Size}}\t{{.CreatedSince}}\t{{.LastUsedSince}}\t"
          + "{{.UsageCount}}\t{{.Shared}}";

  @Option(
      names = {"-v", "--verbose"},
      description = "Show each image, container, volume and piece of build cache")
  boolean verbose;

  @Option(names = "--format", description = "Print by a template: 'table TEMPLATE', 'json' or TEMPLATE")
  @Nullable String format;

  /** What one kind of thing takes. */
  private record Sum(String type, int total, int active, long size, String reclaimable) {}

  @Override
  public Integer call() {
    JsonNode usage = engine().get("/system/df");
    if (verbose) {
      printEach(usage);
      return 0;
    }
    Listing<Sum> listing =
        new Listing<Sum>("*formatter.diskUsageContainersContext")
            .column("Type", "TYPE", Sum::type)
            .column("TotalCount", "TOTAL", sum -> Integer.toString(sum.total()))
            .column("Active", "ACTIVE", sum -> Integer.toString(sum.active()))
            .column("Size", "SIZE", sum -> Units.size((double) sum.size()))
            .column("Reclaimable", "RECLAIMABLE", Sum::reclaimable);
    boolean table = format == null || format.equals("table");
    listing.print(out(), table ? TABLE : String.valueOf(format), sums(usage));
    return 0;
  }

  private static List<Sum> sums(JsonNode usage) {
    return List.of(
        images(usage),
        sum(
            "Containers",
            usage.path("Containers"),
            container -> container.path("SizeRw").asLong(),
            container ->
                List.of("running", "paused", "restarting")
                    .contains(container.path("State").asText())),
        sum(
            "Local Volumes",
            usage.path("Volumes"),
            volume -> volume.path("UsageData").path("Size").asLong(),
            volume -> volume.path("UsageData").path("RefCount").asLong() > 0),
        cache(usage));
  }

  /** Layers that images share count once, so that the whole is the engine's to say. */
  private static Sum images(JsonNode usage) {
    long total = usage.path("LayersSize").asLong();
    long used = 0;
    int active = 0;
    for (JsonNode image : usage.path("Images")) {
      if (image.path("Containers").asLong() > 0) {
        active++;
        long shared = image.path("SharedSize").asLong(-1);
        used += image.path("Size").asLong() - Math.max(shared, 0);
      }
    }
    int count = usage.path("Images").size();
    return new Sum("Images", count, active, total, share(Math.max(total - used, 0), total));
  }

  private static Sum sum(
      String type, JsonNode items, ToLongFunction<JsonNode> size, Predicate<JsonNode> used) {
    long total = 0;
    long free = 0;
    int active = 0;
    for (JsonNode item : items) {
      long bytes = Math.max(size.applyAsLong(item), 0);
      total += bytes;
      if (used.test(item)) {
        active++;
      } else {
        free += bytes;
      }
    }
    return new Sum(type, items.size(), active, total, share(free, total));
  }

  private static Sum cache(JsonNode usage) {
    Sum sum =
        sum(
            "Build Cache",
            usage.path("BuildCache"),
            cache -> cache.path("Shared").asBoolean() ? 0 : cache.path("Size").asLong(),
            cache -> cache.path("InUse").asBoolean());
    String free = sum.reclaimable().replaceAll(" .*", "");
    return new Sum(sum.type(), sum.total(), sum.active(), sum.size(), free);
  }

  private static String share(long free, long total) {
    String bytes = Units.size((double) free);
    return total > 0 ? bytes + " (" + free * 100 / total + "%)" : bytes;
  }

  private void printEach(JsonNode usage) {
    out().println("Images space usage:\n");
    List<ImageListing.Line> lines = new ArrayList<>();
    for (JsonNode image : usage.path("Images")) {
      lines.add(ImageListing.lines(image, false).getFirst());
    }
    ImageListing.listing(false).print(out(), ImageListing.DISK_TABLE, lines);
    out().println("\nContainers space usage:\n");
    new ContainerListing(false)
        .listing()
        .print(out(), CONTAINER_TABLE, Json.list(usage.path("Containers")));
    out().println("\nLocal Volumes space usage:\n");
    ObjectListings.volumes().print(out(), VOLUME_TABLE, Json.list(usage.path("Volumes")));
    Sum cache = cache(usage);
    out().println("\nBuild cache usage: " + Units.size((double) cache.size()) + "\n");
    caches().print(out(), CACHE_TABLE, Json.list(usage.path("BuildCache")));
  }

  private static Listing<JsonNode> caches() {
    return new Listing<JsonNode>("*formatter.buildCacheContext")
        .column("ID", "CACHE ID", cache -> Units.shortId(cache.path("ID").asText()))
        .column("CacheType", "CACHE TYPE", cache -> cache.path("Type").asText())
        .column("Size", "SIZE", cache -> Units.size(cache.path("Size").asDouble()))
        .column("CreatedSince", "CREATED", cache -> ago(cache, "CreatedAt"))
        .column("LastUsedSince", "LAST USED", cache -> ago(cache, "LastUsedAt"))
        .column("UsageCount", "USAGE", cache -> cache.path("UsageCount").asText("0"))
        .column("Shared", "SHARED", cache -> Boolean.toString(cache.path("Shared").asBoolean()));
  }

  private static String ago(JsonNode cache, String field) {
    String text = cache.path(field).asText();
    return text.isEmpty() ? "" : Units.ago(Units.instant(text));
  }
}
