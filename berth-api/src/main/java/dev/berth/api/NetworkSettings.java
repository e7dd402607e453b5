package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The network side of a container; the fields of a single address are those of the default bridge.
 */
@EngineJson
public record NetworkSettings(
    String bridge,
    @JsonProperty("SandboxID") String sandboxId,
    String sandboxKey,
    @Nullable Map<String, @Nullable List<PortBinding>> ports,
    boolean hairpinMode,
    @JsonProperty("LinkLocalIPv6Address") String linkLocalIpv6Address,
    @JsonProperty("LinkLocalIPv6PrefixLen") int linkLocalIpv6PrefixLen,
    @JsonProperty("SecondaryIPAddresses") @Nullable List<Address> secondaryIpAddresses,
    @JsonProperty("SecondaryIPv6Addresses") @Nullable List<Address> secondaryIpv6Addresses,
    @JsonProperty("EndpointID") String endpointId,
    String gateway,
    @JsonProperty("GlobalIPv6Address") String globalIpv6Address,
    @JsonProperty("GlobalIPv6PrefixLen") int globalIpv6PrefixLen,
    @JsonProperty("IPAddress") String ipAddress,
    @JsonProperty("IPPrefixLen") int ipPrefixLen,
    @JsonProperty("IPv6Gateway") String ipv6Gateway,
    String macAddress,
    Map<String, EndpointSettings> networks) {}
