package dev.berth.image;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * The root filesystems of containers: a writable layer each upon the shared layers of an image.
 * Safe for use by any thread; operations on one container exclude each other.
 */
public final class RootFilesystems {

  /**
   * @param storage started
   */
  public RootFilesystems(ImageStorage storage) {}

  /**
   * Makes a container's writable layer; not mounted yet. Does nothing where it is there already.
   *
   * @throws dev.berth.core.EngineException of kind NOT_FOUND when there is no such image
   */
  public RootFilesystem prepare(String containerId, Digest imageId) {
    throw new UnsupportedOperationException();
  }

  /** What {@link #prepare} answered. */
  public RootFilesystem find(String containerId) {
    throw new UnsupportedOperationException();
  }

  /** Mounts it, if it is not mounted yet; returns the merged tree's path. */
  public Path mount(String containerId) {
    throw new UnsupportedOperationException();
  }

  /** Unmounts it; idempotent. */
  public void unmount(String containerId) {
    throw new UnsupportedOperationException();
  }

  /** Unmounts and deletes it; idempotent. */
  public void remove(String containerId) {
    throw new UnsupportedOperationException();
  }

  /** What the container changed, in the order of the paths. */
  public List<FilesystemChange> changes(String containerId) {
    throw new UnsupportedOperationException();
  }

  /** How much room it takes; walks the writable layer. */
  public FilesystemUsage usage(String containerId) {
    throw new UnsupportedOperationException();
  }

  /** Writes the container's changes as a layer's tar archive, for a commit. */
  public void exportChanges(String containerId, OutputStream archive) {
    throw new UnsupportedOperationException();
  }

  /** Writes the whole merged tree as a tar archive, for {@code docker export}. */
  public void exportTree(String containerId, OutputStream archive) {
    throw new UnsupportedOperationException();
  }
}
