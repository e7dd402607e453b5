package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A manager of a swarm. */
@EngineJson
public record PeerNode(@JsonProperty("NodeID") String nodeId, String addr) {}
