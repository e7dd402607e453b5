package dev.berth.image.content;

import java.util.List;

/**
 * A container's writable layer, stored under the container's id.
 *
 * @param image what is below
 * @param diffIds the layers below, the lowest first
 * @param directory its name below the driver's directory
 * @param initDirectory of the layer in between with the places that every container needs
 */
public record RootFilesystemRecord(
    String image, List<String> diffIds, String directory, String initDirectory) {

  /** Copies the list. */
  public RootFilesystemRecord {
    diffIds = List.copyOf(diffIds);
  }
}
