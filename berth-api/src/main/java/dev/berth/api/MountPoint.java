package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A mount as a container has it. */
@EngineJson
public record MountPoint(
    @OmitEmpty String type,
    @OmitEmpty String name,
    String source,
    String destination,
    @OmitEmpty String driver,
    String mode,
    @JsonProperty("RW") boolean rw,
    String propagation) {}
