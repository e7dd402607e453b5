package dev.berth.image;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which images to list or prune. Every condition must hold; an empty one always does.
 *
 * @param references patterns of familiar names; one must match
 * @param labels {@code key} or {@code key=value}; all must match
 * @param withoutLabels none may match
 * @param dangling only dangling images, or only others, or all
 * @param before names of images; created before the last of them
 * @param since names of images; created after the first of them
 * @param until created before this time, or null
 */
public record ImageFilters(
    List<String> references,
    List<String> labels,
    List<String> withoutLabels,
    Optional<Boolean> dangling,
    List<String> before,
    List<String> since,
    @Nullable Instant until) {

  /** Lets every image through. */
  public static final ImageFilters NONE =
      new ImageFilters(
          List.of(), List.of(), List.of(), Optional.empty(), List.of(), List.of(), null);

  /** Copies the lists. */
  public ImageFilters {
    references = List.copyOf(references);
    labels = List.copyOf(labels);
    withoutLabels = List.copyOf(withoutLabels);
    before = List.copyOf(before);
    since = List.copyOf(since);
  }
}
