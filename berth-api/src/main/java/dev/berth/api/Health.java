package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The health of a container and its last probes. */
@EngineJson
public record Health(String status, int failingStreak, @Nullable List<HealthcheckResult> log) {}
