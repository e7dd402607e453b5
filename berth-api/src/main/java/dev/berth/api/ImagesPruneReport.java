package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answer of {@code POST /images/prune}. */
@EngineJson
public record ImagesPruneReport(
    @Nullable List<ImageDeleteItem> imagesDeleted, long spaceReclaimed) {}
