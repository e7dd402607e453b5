package dev.berth.api;

/** The rate limit of one device, in bytes or operations a second. */
@EngineJson
public record ThrottleDevice(String path, long rate) {}
