package dev.berth.api;

/** A resource limit of a process. */
@EngineJson
public record Ulimit(String name, long hard, long soft) {}
