package dev.berth.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /berth/v1/volumes/NAME/snapshots}.
 *
 * @param name of the snapshot; empty for one made of the time
 * @param labels of the snapshot
 * @param consistency none, pause or freeze
 */
@EngineJson
public record VolumeSnapshotRequest(
    @OmitEmpty String name,
    @OmitEmpty @Nullable Map<String, String> labels,
    @OmitEmpty String consistency) {}
