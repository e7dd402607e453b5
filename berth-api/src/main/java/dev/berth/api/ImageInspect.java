package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answer of {@code GET /images/{name}/json}. */
@EngineJson
public record ImageInspect(
    String id,
    List<String> repoTags,
    List<String> repoDigests,
    String parent,
    String comment,
    @OmitEmpty String created,
    @OmitNull @Nullable ContainerConfig containerConfig,
    String dockerVersion,
    String author,
    @Nullable ImageConfig config,
    String architecture,
    @OmitEmpty String variant,
    String os,
    @OmitEmpty String osVersion,
    long size,
    @OmitNull @Nullable Long virtualSize,
    DriverData graphDriver,
    @JsonProperty("RootFS") RootFs rootFs,
    Metadata metadata,
    @OmitNull @Nullable OciDescriptor descriptor,
    @OmitNull @Nullable List<ManifestSummary> manifests) {
  /** The layers of an image. */
  @EngineJson
  public record RootFs(String type, @OmitEmpty @Nullable List<String> layers) {}

  /** What the engine knows beside the image's own configuration. */
  @EngineJson
  public record Metadata(String lastTagTime) {}
}
