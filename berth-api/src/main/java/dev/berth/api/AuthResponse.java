package dev.berth.api;

/** Answer of {@code POST /auth}. */
@EngineJson
public record AuthResponse(String identityToken, String status) {}
