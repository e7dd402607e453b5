package dev.berth.api;

/** A pool that networks without a subnet take theirs from. */
@EngineJson
public record AddressPool(String base, int size) {}
