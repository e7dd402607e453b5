package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answer of {@code GET /volumes}. */
@EngineJson
public record VolumeList(List<Volume> volumes, @Nullable List<String> warnings) {}
