package dev.berth.api;

/** Options of an image mount. */
@EngineJson
public record ImageOptions(@OmitEmpty String subpath) {}
