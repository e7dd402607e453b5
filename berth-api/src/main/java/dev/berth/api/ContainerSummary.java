package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One container of {@code GET /containers/json}; {@code created} is in seconds. */
@EngineJson
public record ContainerSummary(
    String id,
    List<String> names,
    String image,
    @JsonProperty("ImageID") String imageId,
    @OmitNull @Nullable OciDescriptor imageManifestDescriptor,
    String command,
    long created,
    List<Port> ports,
    @OmitEmpty long sizeRw,
    @OmitEmpty long sizeRootFs,
    Map<String, String> labels,
    String state,
    String status,
    SummaryHostConfig hostConfig,
    SummaryNetworkSettings networkSettings,
    List<MountPoint> mounts) {}
