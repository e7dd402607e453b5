package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The version of an external program. */
@EngineJson
public record CommitInfo(@JsonProperty("ID") String id) {}
