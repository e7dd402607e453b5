package dev.berth.image;

/**
 * How much room a container's files take.
 *
 * @param writableBytes in its own layer
 * @param totalBytes its own and its image's layers together
 */
public record FilesystemUsage(long writableBytes, long totalBytes) {}
