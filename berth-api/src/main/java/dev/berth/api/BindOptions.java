package dev.berth.api;

/** Options of a bind mount. */
@EngineJson
public record BindOptions(
    @OmitEmpty String propagation,
    @OmitEmpty boolean nonRecursive,
    @OmitEmpty boolean createMountpoint,
    @OmitEmpty boolean readOnlyNonRecursive,
    @OmitEmpty boolean readOnlyForceRecursive) {}
