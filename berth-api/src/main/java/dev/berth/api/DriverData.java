package dev.berth.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The storage driver of a container or image and where its parts are. */
@EngineJson
public record DriverData(String name, @Nullable Map<String, String> data) {}
