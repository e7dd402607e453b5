package dev.berth.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A volume. */
@EngineJson
public record Volume(
    @OmitEmpty String createdAt,
    String driver,
    @Nullable Map<String, String> labels,
    String mountpoint,
    String name,
    @Nullable Map<String, String> options,
    String scope,
    @OmitEmpty @Nullable Map<String, Object> status,
    @OmitNull @Nullable UsageData usageData) {
  /** What a volume takes; -1 for not known. */
  @EngineJson
  public record UsageData(long refCount, long size) {}
}
