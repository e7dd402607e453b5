package dev.berth.api;

/** A device of the host given to the container. */
@EngineJson
public record DeviceMapping(String pathOnHost, String pathInContainer, String cgroupPermissions) {}
