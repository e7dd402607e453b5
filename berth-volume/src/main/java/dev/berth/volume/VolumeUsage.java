package dev.berth.volume;

/**
 * What a volume takes, for {@code system df}.
 *
 * @param volume which
 * @param sizeBytes the length of all its files, hard links counted once; -1 when not to be had
 * @param references how many containers refer to it
 */
public record VolumeUsage(Volume volume, long sizeBytes, int references) {}
