package dev.berth.api;

/** Why waiting failed. */
@EngineJson
public record WaitError(String message) {}
