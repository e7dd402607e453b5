package dev.berth.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /volumes/create}. */
@EngineJson
public record VolumeCreateRequest(
    @OmitEmpty String name,
    @OmitEmpty String driver,
    @OmitEmpty @Nullable Map<String, String> driverOpts,
    @OmitEmpty @Nullable Map<String, String> labels) {}
