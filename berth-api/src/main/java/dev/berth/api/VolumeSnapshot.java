package dev.berth.api;

import java.util.Map;

/**
 * A state of a volume that was kept.
 *
 * @param volume the volume
 * @param name of the snapshot
 * @param createdAt when
 * @param labels the user's
 * @param size bytes of all files in it; -1 while that is not known
 * @param method subvolume, reflink or copy
 */
@EngineJson
public record VolumeSnapshot(
    String volume,
    String name,
    String createdAt,
    Map<String, String> labels,
    long size,
    String method) {}
