package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answer of {@code POST /build/prune}. */
@EngineJson
public record BuildCachePruneReport(@Nullable List<String> cachesDeleted, long spaceReclaimed) {}
