package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The drivers an engine offers, by kind. */
@EngineJson
public record PluginsInfo(
    List<String> volume,
    List<String> network,
    @Nullable List<String> authorization,
    List<String> log) {}
