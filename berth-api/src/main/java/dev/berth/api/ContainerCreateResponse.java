package dev.berth.api;

import java.util.List;

/** Answer of {@code POST /containers/create}; the warnings are never null. */
@EngineJson
public record ContainerCreateResponse(String id, List<String> warnings) {}
