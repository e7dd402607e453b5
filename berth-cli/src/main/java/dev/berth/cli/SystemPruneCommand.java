package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes everything that nothing uses. */
@Command(name = "prune", description = "Remove unused data.")
final class SystemPruneCommand extends Base {
  private static final int NOT_FOUND = 404;
  private static final int NOT_IMPLEMENTED = 501;

  @Mixin PruneOptions prune = new PruneOptions();

  @Option(
      names = {"-a", "--all"},
      description = "Remove all images that no container uses, not only those without a name")
  boolean all;

  @Option(names = "--volumes", description = "Remove anonymous volumes as well")
  boolean volumes;

  @Override
  public Integer call() throws IOException {
    if (volumes && prune.filter.stream().anyMatch(filter -> filter.startsWith("until="))) {
      throw new CliException(
          1, "ERROR: The \"until\" filter is not supported with \"--volumes\"");
    }
    Confirm.orEnd(prune.force, warning());
    long reclaimed = post("containers", "Deleted Containers:", "ContainersDeleted", prune.filter);
    reclaimed += post("networks", "Deleted Networks:", "NetworksDeleted", prune.filter);
    if (volumes) {
      reclaimed += post("volumes", "Deleted Volumes:", "VolumesDeleted", prune.filter);
    }
    List<String> images = new ArrayList<>(prune.filter);
    images.add("dangling=" + !all);
    reclaimed += post("images", "Deleted Images:", "ImagesDeleted", images);
    reclaimed += buildCache();
    out().println("Total reclaimed space: " + Units.size((double) reclaimed));
    return 0;
  }

  private String warning() {
    StringBuilder text = new StringBuilder("WARNING! This will remove:\n");
    text.append("  - all stopped containers\n");
    text.append("  - all networks not used by at least one container\n");
    if (volumes) {
      text.append("  - all anonymous volumes not used by at least one container\n");
    }
    text.append(
        all
            ? "  - all images without at least one container associated to them\n"
            : "  - all dangling images\n");
    text.append(all ? "  - all build cache\n" : "  - unused build cache\n");
    if (!prune.filter.isEmpty()) {
      text.append("\n  Items to be pruned will be filtered with:\n");
      prune.filter.forEach(filter -> text.append("  - ").append(filter).append('\n'));
    }
    return text.toString();
  }

  private long post(String kind, String heading, String field, List<String> filters) {
    JsonNode pruned =
        engine().post("/" + kind + "/prune", Query.none().withFilters(filters), null);
    if (!pruned.path(field).isEmpty()) {
      out().println(heading);
      pruned.path(field).forEach(item -> out().println(line(item)));
      out().println();
    }
    return pruned.path("SpaceReclaimed").asLong();
  }

  private static String line(JsonNode item) {
    if (item.has("Untagged")) {
      return "untagged: " + item.path("Untagged").asText();
    }
    return item.has("Deleted") ? "deleted: " + item.path("Deleted").asText() : item.asText();
  }

  /** An engine without a cache of builds has nothing to remove. */
  private long buildCache() {
    try {
      Query query = Query.none().with("all", all).withFilters(prune.filter);
      JsonNode pruned = engine().post("/build/prune", query, null);
      if (!pruned.path("CachesDeleted").isEmpty()) {
        out().println("Deleted build cache objects:");
        pruned.path("CachesDeleted").forEach(item -> out().println(item.asText()));
        out().println();
      }
      return pruned.path("SpaceReclaimed").asLong();
    } catch (ApiException refused) {
      if (refused.status() == NOT_FOUND || refused.status() == NOT_IMPLEMENTED) {
        return 0;
      }
      throw refused;
    }
  }
}
