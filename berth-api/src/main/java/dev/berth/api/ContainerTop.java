package dev.berth.api;

import java.util.List;

/** Answer of {@code GET /containers/{id}/top}. */
@EngineJson
public record ContainerTop(List<List<String>> processes, List<String> titles) {}
