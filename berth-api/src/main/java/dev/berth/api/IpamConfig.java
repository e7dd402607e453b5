package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One subnet of a network. */
@EngineJson
public record IpamConfig(
    @OmitEmpty String subnet,
    @OmitEmpty @JsonProperty("IPRange") String ipRange,
    @OmitEmpty String gateway,
    @OmitEmpty @Nullable Map<String, String> auxiliaryAddresses) {}
