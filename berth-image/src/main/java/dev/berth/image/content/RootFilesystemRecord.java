package dev.berth.image.content;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container's writable layer, stored under the container's id.
 *
 * @param image what is below
 * @param diffIds the layers below, the lowest first
 * @param directory its name below its driver's directory
 * @param initDirectory of the layer in between with the places that every container needs; with
 *     {@link #BARE} at its end where there is none
 * @param driver the storage driver that made it, or null for overlay2
 */
public record RootFilesystemRecord(
    String image,
    List<String> diffIds,
    String directory,
    String initDirectory,
    @Nullable String driver) {

  /** Ends the name of a layer in between that is not there. */
  public static final String BARE = "-bare";

  /** Copies the list. */
  public RootFilesystemRecord {
    diffIds = List.copyOf(diffIds);
  }

  /** The storage driver's name. */
  public String driverName() {
    return driver == null ? "overlay2" : driver;
  }

  /** Whether it lies directly upon the image. */
  public boolean isBare() {
    return initDirectory.endsWith(BARE);
  }
}
