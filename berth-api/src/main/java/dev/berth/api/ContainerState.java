package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** A container's state with Docker's overlapping booleans. */
@EngineJson
public record ContainerState(
    String status,
    boolean running,
    boolean paused,
    boolean restarting,
    @JsonProperty("OOMKilled") boolean oomKilled,
    boolean dead,
    int pid,
    int exitCode,
    String error,
    String startedAt,
    String finishedAt,
    @OmitNull @Nullable Health health) {}
