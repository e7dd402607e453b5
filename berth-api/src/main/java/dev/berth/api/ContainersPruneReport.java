package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answer of {@code POST /containers/prune}; the space is in bytes. */
@EngineJson
public record ContainersPruneReport(
    @Nullable List<String> containersDeleted, long spaceReclaimed) {}
