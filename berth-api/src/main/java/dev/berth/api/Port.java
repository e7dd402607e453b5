package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** One published or exposed port of a list. */
@EngineJson
public record Port(
    @OmitEmpty @JsonProperty("IP") String ip,
    int privatePort,
    @OmitEmpty int publicPort,
    String type) {}
