package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The firewall backend and facts about it. */
@EngineJson
public record FirewallInfo(String driver, @OmitEmpty @Nullable List<List<String>> info) {}
