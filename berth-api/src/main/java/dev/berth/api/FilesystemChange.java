package dev.berth.api;

/** One change of a container's files; kind 0 is modified, 1 added, 2 deleted. */
@EngineJson
public record FilesystemChange(String path, int kind) {}
