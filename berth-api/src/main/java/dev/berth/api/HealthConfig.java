package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A health check. All times are in nanoseconds; zero means inherit. */
@EngineJson
public record HealthConfig(
    @OmitEmpty @Nullable List<String> test,
    @OmitEmpty long interval,
    @OmitEmpty long timeout,
    @OmitEmpty long startPeriod,
    @OmitEmpty long startInterval,
    @OmitEmpty int retries) {}
