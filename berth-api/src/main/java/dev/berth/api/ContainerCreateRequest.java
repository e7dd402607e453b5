package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /containers/create}: the configuration with two objects beside its fields.
 */
@EngineJson
public record ContainerCreateRequest(
    @JsonUnwrapped ContainerConfig config,
    @Nullable HostConfig hostConfig,
    @Nullable NetworkingConfig networkingConfig) {}
