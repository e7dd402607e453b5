package dev.berth.api;

import java.util.List;

/** Answer of {@code GET /distribution/{name}/json}. */
@EngineJson
public record DistributionInspect(OciDescriptor descriptor, List<OciPlatform> platforms) {}
