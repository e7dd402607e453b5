package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The node's place in a swarm. */
@EngineJson
public record SwarmInfo(
    @JsonProperty("NodeID") String nodeId,
    String nodeAddr,
    String localNodeState,
    boolean controlAvailable,
    String error,
    @Nullable List<PeerNode> remoteManagers) {}
