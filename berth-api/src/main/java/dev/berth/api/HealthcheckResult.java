package dev.berth.api;

/** One probe. */
@EngineJson
public record HealthcheckResult(String start, String end, int exitCode, String output) {}
