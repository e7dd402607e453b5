package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One record of the build cache. */
@EngineJson
public record BuildCacheItem(
    @JsonProperty("ID") String id,
    @OmitEmpty @Nullable List<String> parents,
    String type,
    String description,
    boolean inUse,
    boolean shared,
    long size,
    String createdAt,
    @Nullable String lastUsedAt,
    int usageCount) {}
