package dev.berth.api;

import org.jspecify.annotations.Nullable;

/** Answer of {@code POST /containers/{id}/wait}. */
@EngineJson
public record WaitResponse(int statusCode, @OmitNull @Nullable WaitError error) {}
