package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * One line of {@code GET /events}; the first three fields are the old form of containers and
 * images.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record EventMessage(
    @OmitEmpty String status,
    @OmitEmpty String id,
    @OmitEmpty String from,
    @JsonProperty("Type") String type,
    @JsonProperty("Action") String action,
    @JsonProperty("Actor") Actor actor,
    @OmitEmpty String scope,
    @OmitEmpty long time,
    @OmitEmpty long timeNano) {
  /** The thing an event is about. */
  @EngineJson
  public record Actor(@JsonProperty("ID") String id, Map<String, String> attributes) {}
}
