package dev.berth.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a list shows of the host configuration. */
@EngineJson
public record SummaryHostConfig(
    @OmitEmpty String networkMode, @OmitEmpty @Nullable Map<String, String> annotations) {}
