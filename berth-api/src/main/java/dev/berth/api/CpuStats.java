package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Processor use, in nanoseconds. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CpuStats(
    @JsonProperty("cpu_usage") CpuUsage cpuUsage,
    @OmitEmpty @JsonProperty("system_cpu_usage") long systemCpuUsage,
    @OmitEmpty @JsonProperty("online_cpus") int onlineCpus,
    @JsonProperty("throttling_data") ThrottlingData throttlingData) {}
