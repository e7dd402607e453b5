package dev.berth.api;

/** Answer of {@code POST /networks/create}. */
@EngineJson
public record NetworkCreateResponse(String id, String warning) {}
