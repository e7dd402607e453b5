package dev.berth.engine;

import dev.berth.volume.MountRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is mounted into a container.
 *
 * @param binds {@code source:target[:options]}
 * @param mounts the long form
 * @param tmpfs mount options by target
 * @param volumesFrom {@code container[:mode]}
 * @param volumeDriver of anonymous volumes and of named ones in binds; empty for local
 * @param readonlyRootfs whether the root is read-only
 * @param storageOptions of the storage driver
 * @param shmSizeBytes of /dev/shm; zero for the default
 */
public record StorageOptions(
    @Nullable List<String> binds,
    @Nullable List<MountRequest> mounts,
    @Nullable Map<String, String> tmpfs,
    @Nullable List<String> volumesFrom,
    String volumeDriver,
    boolean readonlyRootfs,
    @Nullable Map<String, String> storageOptions,
    long shmSizeBytes) {}
