package dev.berth.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of {@link HostConfig} about networks. */
@EngineJson
public record HostNetworking(
    String networkMode,
    @Nullable Map<String, @Nullable List<PortBinding>> portBindings,
    boolean publishAllPorts,
    @Nullable List<String> dns,
    @Nullable List<String> dnsOptions,
    @Nullable List<String> dnsSearch,
    @Nullable List<String> extraHosts,
    @Nullable List<String> links) {}
