package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The fields of {@link HostConfig} about namespaces. */
@EngineJson
public record HostNamespaces(
    String ipcMode,
    String pidMode,
    @JsonProperty("UTSMode") String utsMode,
    String cgroupnsMode,
    String cgroup,
    String usernsMode) {}
