package dev.berth.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of {@link HostConfig} about files. {@code shmSize} is in bytes. */
@EngineJson
public record HostStorage(
    @Nullable List<String> binds,
    @OmitEmpty @Nullable List<Mount> mounts,
    String volumeDriver,
    @Nullable List<String> volumesFrom,
    @OmitEmpty @Nullable Map<String, String> tmpfs,
    @OmitEmpty @Nullable Map<String, String> storageOpt,
    boolean readonlyRootfs,
    long shmSize) {}
