package dev.berth.image;

import java.nio.file.Path;
import java.util.Map;

/**
 * A container's own writable layer upon its image.
 *
 * @param containerId whose it is
 * @param imageId what is below
 * @param mergedPath where both appear as one while mounted
 * @param graphDriver the same in Docker's words
 */
public record RootFilesystem(
    String containerId, Digest imageId, Path mergedPath, Image.GraphDriver graphDriver) {

  /** {@code MergedDir}, {@code UpperDir} and so on. */
  public Map<String, String> data() {
    return graphDriver.data();
  }
}
