package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigInteger;
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
    @Nullable Map<String, String> labels,
    @OmitNull @Nullable Status status) {

  /** What is observed of a network; absent in lists. */
  @EngineJson
  public record Status(@JsonProperty("IPAM") IpamStatus ipam) {}

  /** Figures of each subnet, by the subnet in CIDR notation. */
  @EngineJson
  public record IpamStatus(Map<String, SubnetStatus> subnets) {}

  /** How full a subnet is; figures end at 2^64-1. */
  @EngineJson
  public record SubnetStatus(
      @JsonProperty("IPsInUse") BigInteger inUse,
      @JsonProperty("DynamicIPsAvailable") BigInteger dynamicAvailable) {}
}
