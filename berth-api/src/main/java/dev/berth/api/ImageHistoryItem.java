package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of {@code GET /images/{name}/history}. */
@EngineJson
public record ImageHistoryItem(
    String comment,
    long created,
    String createdBy,
    String id,
    long size,
    @Nullable List<String> tags) {}
