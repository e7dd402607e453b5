package dev.berth.image;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole of an image's configuration file, whose digest is the image's id.
 *
 * @param created when it was made, or null when it does not say
 * @param author or empty
 * @param comment the message of a commit or import, or empty
 * @param dockerVersion the engine that made it, or empty
 * @param platform what machine it is for
 * @param osVersion or empty
 * @param config for the containers made from it
 * @param diffIds the digests of its layers, not compressed, the lowest first
 * @param history how each layer came about, the lowest first
 */
public record ImageDocument(
    @Nullable Instant created,
    String author,
    String comment,
    String dockerVersion,
    Platform platform,
    String osVersion,
    ImageConfig config,
    List<Digest> diffIds,
    List<HistoryEntry> history) {

  /** Copies the lists. */
  public ImageDocument {
    diffIds = List.copyOf(diffIds);
    history = List.copyOf(history);
  }

  /**
   * How one layer, or one instruction without a layer, came about.
   *
   * @param created when, or null
   * @param createdBy the instruction, or empty
   * @param author or empty
   * @param comment or empty
   * @param emptyLayer whether it made no layer
   */
  public record HistoryEntry(
      @Nullable Instant created,
      String createdBy,
      String author,
      String comment,
      boolean emptyLayer) {}
}
