package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The fields of {@link SystemInfo} that say what the kernel and its cgroups can do. */
@EngineJson
public record InfoLimits(
    boolean memoryLimit,
    boolean swapLimit,
    boolean cpuCfsPeriod,
    boolean cpuCfsQuota,
    @JsonProperty("CPUShares") boolean cpuShares,
    @JsonProperty("CPUSet") boolean cpuSet,
    boolean pidsLimit,
    @JsonProperty("IPv4Forwarding") boolean ipv4Forwarding,
    boolean oomKillDisable,
    String cgroupDriver,
    @OmitEmpty String cgroupVersion) {}
