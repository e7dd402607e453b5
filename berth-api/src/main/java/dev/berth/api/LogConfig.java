package dev.berth.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The log driver of a container and its options. */
@EngineJson
public record LogConfig(String type, @Nullable Map<String, String> config) {}
