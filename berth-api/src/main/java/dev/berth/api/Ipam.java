package dev.berth.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The address management of a network. */
@EngineJson
public record Ipam(
    String driver, @Nullable Map<String, String> options, @Nullable List<IpamConfig> config) {}
