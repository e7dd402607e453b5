package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request for devices by capability, such as graphics processors. */
@EngineJson
public record DeviceRequest(
    String driver,
    int count,
    @JsonProperty("DeviceIDs") @Nullable List<String> deviceIds,
    @Nullable List<List<String>> capabilities,
    @Nullable Map<String, String> options) {}
