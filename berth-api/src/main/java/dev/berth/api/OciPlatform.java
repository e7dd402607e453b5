package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/** A platform of the OCI image specification. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record OciPlatform(
    String architecture,
    String os,
    @OmitEmpty @JsonProperty("os.version") String osVersion,
    @OmitEmpty String variant) {}
