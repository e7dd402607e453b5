package dev.berth.image;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code docker history}.
 *
 * @param id the image that this step made, or {@code <missing>}
 * @param created when, or null
 * @param createdBy the instruction
 * @param tags of that image
 * @param sizeBytes of its layer, 0 when it made none
 * @param comment or empty
 */
public record LayerHistory(
    String id,
    @Nullable Instant created,
    String createdBy,
    List<String> tags,
    long sizeBytes,
    String comment) {

  /** Copies the tags. */
  public LayerHistory {
    tags = List.copyOf(tags);
  }
}
