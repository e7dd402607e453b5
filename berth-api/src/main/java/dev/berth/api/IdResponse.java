package dev.berth.api;

/** The id of what was made: of an exec, or of the image of a commit. */
@EngineJson
public record IdResponse(String id) {}
