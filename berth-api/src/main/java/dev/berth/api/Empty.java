package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** The value of Go's {@code struct{}}: an empty object, as in {@code {"80/tcp":{}}}. */
@JsonAutoDetect
@JsonIgnoreProperties(ignoreUnknown = true)
public record Empty() {
  /** The only value. */
  public static final Empty VALUE = new Empty();
}
