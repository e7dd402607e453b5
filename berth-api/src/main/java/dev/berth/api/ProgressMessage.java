package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/** One line of the stream of a pull, push, load or import. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ProgressMessage(
    @OmitEmpty String stream,
    @OmitEmpty String status,
    @OmitNull @Nullable ProgressDetail progressDetail,
    @OmitEmpty String progress,
    @OmitEmpty String id,
    @OmitNull @Nullable ErrorDetail errorDetail,
    @OmitEmpty String error,
    @OmitNull @Nullable Object aux) {
  /** How far one item is, in bytes; an empty object when nothing is counted. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ProgressDetail(@OmitEmpty long current, @OmitEmpty long total) {}

  /** Why the operation failed. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ErrorDetail(@OmitEmpty int code, @OmitEmpty String message) {}
}
