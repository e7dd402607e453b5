package dev.berth.engine;

import dev.berth.image.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to make an image of a container.
 *
 * @param reference names the image, or null for no name
 * @param author or empty
 * @param comment or empty
 * @param changes Dockerfile instructions that apply to the image
 * @param pause whether the container is frozen meanwhile
 * @param config instead of the container's own, which completes it; null for none
 */
public record CommitSpec(
    @Nullable Reference reference,
    String author,
    String comment,
    List<String> changes,
    boolean pause,
    @Nullable ContainerConfig config) {

  /** Copies the list. */
  public CommitSpec {
    changes = List.copyOf(changes);
  }
}
