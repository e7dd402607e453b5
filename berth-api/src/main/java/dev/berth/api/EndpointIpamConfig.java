package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses a client asks for. */
@EngineJson
public record EndpointIpamConfig(
    @OmitEmpty @JsonProperty("IPv4Address") String ipv4Address,
    @OmitEmpty @JsonProperty("IPv6Address") String ipv6Address,
    @OmitEmpty @JsonProperty("LinkLocalIPs") @Nullable List<String> linkLocalIps) {}
