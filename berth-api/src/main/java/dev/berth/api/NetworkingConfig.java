package dev.berth.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The networks a container is to join, by name or id. */
@EngineJson
public record NetworkingConfig(@Nullable Map<String, @Nullable EndpointSettings> endpointsConfig) {}
