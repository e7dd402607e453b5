package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answer of {@code GET /system/df}; what was not asked for is null. Sizes in bytes. */
@EngineJson
public record DiskUsage(
    long layersSize,
    @Nullable List<ImageSummary> images,
    @Nullable List<ContainerSummary> containers,
    @Nullable List<Volume> volumes,
    @Nullable List<BuildCacheItem> buildCache,
    @OmitNull @Nullable Long builderSize) {}
