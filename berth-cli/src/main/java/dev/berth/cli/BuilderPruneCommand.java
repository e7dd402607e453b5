package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes what builds have kept for the next ones. */
@Command(name = "prune", description = "Remove build cache.")
final class BuilderPruneCommand extends Base {
  @Mixin PruneOptions prune = new PruneOptions();

  @Option(
      names = {"-a", "--all"},
      description = "Remove what is used as well")
  boolean all;

  @Option(names = "--keep-storage", paramLabel = "bytes", description = "Keep so much")
  @Nullable String keepStorage;

  @Override
  public Integer call() throws IOException {
    Confirm.orEnd(
        prune.force,
        all
            ? "WARNING! This will remove all build cache."
            : "WARNING! This will remove all dangling build cache.");
    Query query =
        Query.none()
            .with("all", all)
            .with("keep-storage", keepStorage == null ? null : bytes(keepStorage))
            .withFilters(prune.filter);
    JsonNode pruned = engine().post("/build/prune", query, null);
    Confirm.report("Deleted build cache objects:", pruned.path("CachesDeleted"), pruned);
    return 0;
  }

  private static String bytes(String text) {
    return Long.toString(Units.bytes(text));
  }
}
