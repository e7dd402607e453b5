package dev.berth.volume;

import java.util.List;

/**
 * What a prune has removed.
 *
 * @param removed the names of the volumes
 * @param reclaimedBytes how much they took
 */
public record PruneReport(List<String> removed, long reclaimedBytes) {
  /** Copies the list. */
  public PruneReport {
    removed = List.copyOf(removed);
  }
}
