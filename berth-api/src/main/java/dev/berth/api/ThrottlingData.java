package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How often and how long (nanoseconds) the quota held a container back. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ThrottlingData(
    long periods,
    @JsonProperty("throttled_periods") long throttledPeriods,
    @JsonProperty("throttled_time") long throttledTime) {}
