package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answer of {@code GET /containers/{id}/json}. */
@EngineJson
public record ContainerInspect(
    String id,
    String created,
    String path,
    List<String> args,
    ContainerState state,
    String image,
    String resolvConfPath,
    String hostnamePath,
    String hostsPath,
    String logPath,
    String name,
    int restartCount,
    String driver,
    String platform,
    String mountLabel,
    String processLabel,
    String appArmorProfile,
    @JsonProperty("ExecIDs") @Nullable List<String> execIds,
    HostConfig hostConfig,
    DriverData graphDriver,
    @OmitNull @Nullable Long sizeRw,
    @OmitNull @Nullable Long sizeRootFs,
    List<MountPoint> mounts,
    ContainerConfig config,
    NetworkSettings networkSettings,
    @OmitNull @Nullable OciDescriptor imageManifestDescriptor) {}
