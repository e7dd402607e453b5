package dev.berth.api;

/** When the engine starts a container again. */
@EngineJson
public record RestartPolicy(String name, int maximumRetryCount) {}
