package dev.berth.image;

import java.util.List;

/**
 * What a prune did.
 *
 * @param removals in order
 * @param reclaimedBytes of the layers deleted
 */
public record PruneReport(List<ImageRemoval> removals, long reclaimedBytes) {

  /** Copies the list. */
  public PruneReport {
    removals = List.copyOf(removals);
  }
}
