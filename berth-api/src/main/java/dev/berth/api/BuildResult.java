package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a build tells of a stage's image. */
public record BuildResult(@JsonProperty("ID") String id) {}
