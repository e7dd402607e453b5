package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answer of {@code POST /volumes/prune}. */
@EngineJson
public record VolumesPruneReport(@Nullable List<String> volumesDeleted, long spaceReclaimed) {}
