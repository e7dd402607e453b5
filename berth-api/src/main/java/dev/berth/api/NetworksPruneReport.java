package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answer of {@code POST /networks/prune}; null when there was nothing to do. */
@EngineJson
public record NetworksPruneReport(@Nullable List<String> networksDeleted) {}
