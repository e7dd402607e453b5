package dev.berth.volume;

/**
 * A tmpfs of {@code --tmpfs}; those of {@code --mount} are {@link MountPoint}s.
 *
 * @param destination the absolute path in the container as the user wrote it
 * @param options mount options, separated by commas
 */
public record TmpfsMount(String destination, String options) {}
