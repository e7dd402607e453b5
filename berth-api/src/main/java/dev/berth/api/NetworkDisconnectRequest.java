package dev.berth.api;

/** Body of {@code POST /networks/{id}/disconnect}. */
@EngineJson
public record NetworkDisconnectRequest(String container, boolean force) {}
