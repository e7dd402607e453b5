package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The version of an external program; what was expected is told before 1.49. */
@EngineJson
public record CommitInfo(@JsonProperty("ID") String id, @OmitEmpty String expected) {}
