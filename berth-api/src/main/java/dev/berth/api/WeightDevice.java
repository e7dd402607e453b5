package dev.berth.api;

/** The block I/O weight of one device. */
@EngineJson
public record WeightDevice(String path, int weight) {}
