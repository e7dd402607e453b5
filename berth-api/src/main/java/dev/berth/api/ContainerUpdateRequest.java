package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /containers/{id}/update}: the limits to change and the restart policy. */
@EngineJson
public record ContainerUpdateRequest(
    @JsonUnwrapped Resources resources, @Nullable RestartPolicy restartPolicy) {}
