package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Body of {@code POST /networks/create}. */
@EngineJson
public record NetworkCreateRequest(
    String name,
    String driver,
    String scope,
    @OmitNull @JsonProperty("EnableIPv4") @Nullable Boolean enableIpv4,
    @OmitNull @JsonProperty("EnableIPv6") @Nullable Boolean enableIpv6,
    @JsonProperty("IPAM") @Nullable Ipam ipam,
    boolean internal,
    boolean attachable,
    boolean ingress,
    boolean configOnly,
    @Nullable ConfigReference configFrom,
    @Nullable Map<String, String> options,
    @Nullable Map<String, String> labels) {}
