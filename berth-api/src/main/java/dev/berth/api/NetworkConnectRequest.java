package dev.berth.api;

import org.jspecify.annotations.Nullable;

/** Body of {@code POST /networks/{id}/connect}. */
@EngineJson
public record NetworkConnectRequest(
    String container, @OmitNull @Nullable EndpointSettings endpointConfig) {}
