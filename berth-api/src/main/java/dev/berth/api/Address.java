package dev.berth.api;

/** An address and the length of its prefix. */
@EngineJson
public record Address(String addr, int prefixLen) {}
