package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The fields of {@link SystemInfo} about the machine; memory in bytes. */
@EngineJson
public record InfoHost(
    String name,
    String kernelVersion,
    String operatingSystem,
    @JsonProperty("OSVersion") String osVersion,
    @JsonProperty("OSType") String osType,
    String architecture,
    @JsonProperty("NCPU") int processors,
    long memTotal,
    String systemTime,
    String httpProxy,
    String httpsProxy,
    String noProxy) {}
