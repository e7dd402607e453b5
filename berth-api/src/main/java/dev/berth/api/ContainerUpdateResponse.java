package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answer of {@code POST /containers/{id}/update}. */
@EngineJson
public record ContainerUpdateResponse(@Nullable List<String> warnings) {}
