package dev.berth.api;

import java.util.List;

/** One registry. */
@EngineJson
public record IndexInfo(String name, List<String> mirrors, boolean secure, boolean official) {}
