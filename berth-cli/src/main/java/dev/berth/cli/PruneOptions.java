package dev.berth.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** What commands that remove everything unused have in common. */
final class PruneOptions {
  @Option(
      names = {"-f", "--force"},
      description = "Do not ask")
  boolean force;

  @Option(names = "--filter", paramLabel = "filter", description = "Remove only what fits")
  List<String> filter = List.of();
}
