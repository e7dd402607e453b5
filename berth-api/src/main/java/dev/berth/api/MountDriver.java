package dev.berth.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The volume driver that a mount names, with its options. */
@EngineJson
public record MountDriver(
    @OmitEmpty String name, @OmitEmpty @Nullable Map<String, String> options) {}
