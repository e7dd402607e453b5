package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The fields of {@link SystemInfo} that count. */
@EngineJson
public record InfoCounts(
    int containers,
    int containersRunning,
    int containersPaused,
    int containersStopped,
    int images,
    @JsonProperty("NFd") int fileDescriptors,
    @JsonProperty("NGoroutines") int threads,
    @JsonProperty("NEventsListener") int eventListeners) {}
