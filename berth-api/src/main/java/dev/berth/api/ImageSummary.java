package dev.berth.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One image of {@code GET /images/json}; times in seconds, sizes in bytes, -1 for not counted. */
@EngineJson
public record ImageSummary(
    long containers,
    long created,
    String id,
    @Nullable Map<String, String> labels,
    String parentId,
    @OmitNull @Nullable OciDescriptor descriptor,
    @OmitNull @Nullable List<ManifestSummary> manifests,
    List<String> repoDigests,
    List<String> repoTags,
    long sharedSize,
    long size,
    @OmitNull @Nullable Long virtualSize) {}
