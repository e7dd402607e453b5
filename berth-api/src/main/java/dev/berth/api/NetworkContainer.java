package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** An endpoint as a network shows it; the addresses carry their prefix length. */
@EngineJson
public record NetworkContainer(
    String name,
    @JsonProperty("EndpointID") String endpointId,
    String macAddress,
    @JsonProperty("IPv4Address") String ipv4Address,
    @JsonProperty("IPv6Address") String ipv6Address) {}
