package dev.berth.engine;

import java.util.List;

/**
 * What a prune removed.
 *
 * @param deleted ids or names
 * @param reclaimedBytes on the disk
 */
public record Pruned(List<String> deleted, long reclaimedBytes) {}
