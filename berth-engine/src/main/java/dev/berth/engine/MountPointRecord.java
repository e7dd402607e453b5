package dev.berth.engine;

import org.jspecify.annotations.Nullable;

/**
 * One resolved mount of a container, as inspect and ps show it.
 *
 * @param type {@code bind}, {@code volume}, {@code tmpfs} or {@code image}
 * @param name of the volume; empty otherwise
 * @param source on the host; empty for a tmpfs
 * @param destination in the container
 * @param driver of the volume; empty otherwise
 * @param mode the options as the user wrote them
 * @param writable whether it may be written
 * @param propagation empty for volumes
 * @param request the long form it came from, or null when it came from a bind string or the image
 */
public record MountPointRecord(
    String type,
    String name,
    String source,
    String destination,
    String driver,
    String mode,
    boolean writable,
    String propagation,
    StorageOptions.@Nullable MountRequest request) {}
