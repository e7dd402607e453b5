package dev.berth.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Options of a tmpfs mount: the size in bytes, the mode as permission bits. */
@EngineJson
public record TmpfsOptions(
    @OmitEmpty long sizeBytes,
    @OmitEmpty int mode,
    @OmitEmpty @Nullable List<List<String>> options) {}
