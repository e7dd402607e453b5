package dev.berth.image;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image at hand.
 *
 * @param id the digest of its configuration
 * @param document its configuration
 * @param repoTags familiar names with tag, sorted
 * @param repoDigests familiar names with digest, sorted
 * @param parent the image it was committed or built from here, or null
 * @param sizeBytes of all its layers, unpacked
 * @param lastTagTime when a tag was last set on it, or null
 * @param graphDriver where its layers lie
 */
public record Image(
    Digest id,
    ImageDocument document,
    List<String> repoTags,
    List<String> repoDigests,
    @Nullable Digest parent,
    long sizeBytes,
    @Nullable Instant lastTagTime,
    GraphDriver graphDriver) {

  /** Copies the lists. */
  public Image {
    repoTags = List.copyOf(repoTags);
    repoDigests = List.copyOf(repoDigests);
  }

  /** For the containers made from it. */
  public ImageConfig config() {
    return document.config();
  }

  /** When it was made, if it says so. */
  public Optional<Instant> created() {
    return Optional.ofNullable(document.created());
  }

  /** Whether no tag names it. */
  public boolean isDangling() {
    return repoTags.isEmpty();
  }

  /**
   * Where a storage driver keeps something.
   *
   * @param name the driver
   * @param data its facts in Docker's words, for instance {@code UpperDir}
   */
  public record GraphDriver(String name, Map<String, String> data) {

    /** Copies the data. */
    public GraphDriver {
      data = Map.copyOf(data);
    }
  }
}
