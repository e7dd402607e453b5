package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Processor time of a container, in nanoseconds. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CpuUsage(
    @JsonProperty("total_usage") long totalUsage,
    @OmitEmpty @JsonProperty("percpu_usage") @Nullable List<Long> percpuUsage,
    @JsonProperty("usage_in_kernelmode") long usageInKernelmode,
    @JsonProperty("usage_in_usermode") long usageInUsermode) {}
