package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Memory of a container, in bytes. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MemoryStats(
    @OmitEmpty long usage,
    @OmitEmpty @JsonProperty("max_usage") long maxUsage,
    @OmitEmpty @Nullable Map<String, Long> stats,
    @OmitEmpty long failcnt,
    @OmitEmpty long limit) {}
