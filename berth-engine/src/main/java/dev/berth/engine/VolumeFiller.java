package dev.berth.engine;

import java.nio.file.Path;

/** Fills a new volume with what the image has at its place; a seam to the kernel. */
@FunctionalInterface
interface VolumeFiller {
  /**
   * Copies, unless the volume holds something already.
   *
   * @param root of the container
   * @param destination in the container; what is not a directory there copies nothing
   * @param volume its data on the host
   */
  void fill(Path root, String destination, Path volume);
}
