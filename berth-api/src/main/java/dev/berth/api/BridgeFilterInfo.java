package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The fields of {@link SystemInfo} about br_netfilter, which went with version 1.50. */
@EngineJson
public record BridgeFilterInfo(
    boolean bridgeNfIptables, @JsonProperty("BridgeNfIp6tables") boolean bridgeNfIp6tables) {}
