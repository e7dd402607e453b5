package dev.berth.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /berth/v1/volumes/NAME/labels}.
 *
 * @param add labels that are added or replaced
 * @param remove names of labels that go
 */
@EngineJson
public record VolumeLabelsRequest(
    @OmitEmpty @Nullable Map<String, String> add, @OmitEmpty @Nullable List<String> remove) {}
