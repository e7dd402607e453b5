package dev.berth.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options of a volume mount. */
@EngineJson
public record VolumeOptions(
    @OmitEmpty boolean noCopy,
    @OmitEmpty @Nullable Map<String, String> labels,
    @OmitEmpty String subpath,
    @OmitNull @Nullable MountDriver driverConfig) {}
