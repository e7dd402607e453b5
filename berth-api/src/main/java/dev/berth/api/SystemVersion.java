package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answer of {@code GET /version}. */
@EngineJson
public record SystemVersion(
    @OmitNull @Nullable Platform platform,
    @OmitEmpty @Nullable List<Component> components,
    String version,
    String apiVersion,
    @OmitEmpty @JsonProperty("MinAPIVersion") String minApiVersion,
    String gitCommit,
    String goVersion,
    String os,
    String arch,
    @OmitEmpty String kernelVersion,
    @OmitEmpty boolean experimental,
    @OmitEmpty String buildTime) {
  /** Who built the engine. */
  @EngineJson
  public record Platform(String name) {}

  /** A part of the engine. */
  @EngineJson
  public record Component(
      String name, String version, @OmitEmpty @Nullable Map<String, String> details) {}
}
