package dev.berth.image;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to make an image of a tree's archive.
 *
 * @param reference names the image, or null for no name
 * @param changes Dockerfile instructions
 * @param message the image's comment
 * @param source what the client says the archive is, for the history
 * @param platform what machine it is for, or null for this one
 */
public record ImportRequest(
    @Nullable Reference reference,
    List<String> changes,
    String message,
    String source,
    @Nullable Platform platform) {

  /** Copies the changes. */
  public ImportRequest {
    changes = List.copyOf(changes);
  }
}
