package dev.berth.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /berth/v1/volumes/NAME/copy}.
 *
 * @param name of the copy
 * @param labels of the copy; those of the source where none are given
 * @param consistency none, pause or freeze
 */
@EngineJson
public record VolumeCopyRequest(
    @OmitEmpty String name,
    @OmitEmpty @Nullable Map<String, String> labels,
    @OmitEmpty String consistency) {}
