package dev.berth.runtime;

import java.nio.file.Path;

/**
 * The root file system.
 *
 * @param path where it is mounted on the host, absolute
 * @param readonly whether the container may not write to it
 * @param propagation {@code rprivate}, {@code rslave} or {@code rshared}
 */
public record RootSpec(Path path, boolean readonly, String propagation) {
  /** A root whose mounts are its own. */
  public RootSpec(Path path, boolean readonly) {
    this(path, readonly, "rprivate");
  }
}
