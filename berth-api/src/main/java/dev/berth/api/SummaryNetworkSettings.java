package dev.berth.api;

import java.util.Map;

/** What a list shows of the networks. */
@EngineJson
public record SummaryNetworkSettings(Map<String, EndpointSettings> networks) {}
