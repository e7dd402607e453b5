package dev.berth.api;

/** Where on the host a port is published. */
@EngineJson
public record PortBinding(String hostIp, String hostPort) {}
