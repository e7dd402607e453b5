package dev.berth.api;

/** What a push left in the registry; the {@code aux} of a progress message. */
@EngineJson
public record PushResult(String tag, String digest, long size) {}
