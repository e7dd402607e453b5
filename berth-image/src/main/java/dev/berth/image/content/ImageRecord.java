package dev.berth.image.content;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image in the store, under its id.
 *
 * @param configuration the configuration file, to the byte
 * @param diffIds its layers, the lowest first
 * @param parent the image it was committed from here, or null
 * @param manifest the manifest it was pulled with, to the byte, or null
 * @param lastTagTime when a tag was last set on it, or null
 */
public record ImageRecord(
    String configuration,
    List<String> diffIds,
    @Nullable String parent,
    @Nullable String manifest,
    @Nullable Instant lastTagTime) {

  /** Copies the list. */
  public ImageRecord {
    diffIds = List.copyOf(diffIds);
  }

  /** The same, tagged now. */
  public ImageRecord taggedAt(Instant time) {
    return new ImageRecord(configuration, diffIds, parent, manifest, time);
  }

  /** The same with the manifest it was pulled with. */
  public ImageRecord withManifest(@Nullable String pulled) {
    return new ImageRecord(
        configuration, diffIds, parent, pulled == null ? manifest : pulled, lastTagTime);
  }
}
