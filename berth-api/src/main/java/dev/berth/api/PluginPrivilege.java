package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that a plugin wants and a user grants. */
@EngineJson
public record PluginPrivilege(String name, String description, @Nullable List<String> value) {}
