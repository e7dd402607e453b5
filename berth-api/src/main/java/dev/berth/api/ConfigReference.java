package dev.berth.api;

/** The configuration-only network that another takes its settings from. */
@EngineJson
public record ConfigReference(String network) {}
