package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A network, in lists (without containers) and alone. */
@EngineJson
public record NetworkInspect(
    String name,
    String id,
    String created,
    String scope,
    String driver,
    @JsonProperty("EnableIPv4") boolean enableIpv4,
    @JsonProperty("EnableIPv6") boolean enableIpv6,
    @JsonProperty("IPAM") Ipam ipam,
    boolean internal,
    boolean attachable,
    boolean ingress,
    ConfigReference configFrom,
    boolean configOnly,
    @Nullable Map<String, NetworkContainer> containers,
    @Nullable Map<String, String> options,
    @Nullable Map<String, String> labels) {}
