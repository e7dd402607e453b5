package dev.berth.api;

import org.jspecify.annotations.Nullable;

/** A mount as a client asks for it. */
@EngineJson
public record Mount(
    @OmitEmpty String type,
    @OmitEmpty String source,
    @OmitEmpty String target,
    @OmitEmpty boolean readOnly,
    @OmitEmpty String consistency,
    @OmitNull @Nullable BindOptions bindOptions,
    @OmitNull @Nullable VolumeOptions volumeOptions,
    @OmitNull @Nullable ImageOptions imageOptions,
    @OmitNull @Nullable TmpfsOptions tmpfsOptions) {}
