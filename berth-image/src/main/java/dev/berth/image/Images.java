package dev.berth.image;

import dev.berth.core.EventSink;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The images of this engine. Safe for use by any thread. All errors are {@link
 * dev.berth.core.EngineException}s in Docker's words; an operation that fails leaves nothing
 * half-made.
 */
public final class Images {

  /**
   * @param storage started
   * @param users tells which containers use an image
   * @param events told of every change
   * @param clock tells the time
   * @param registries how registries are spoken to
   */
  public Images(
      ImageStorage storage,
      ImageUsers users,
      EventSink events,
      InstantSource clock,
      RegistrySettings registries) {}

  /**
   * Finds an image by name, id, unambiguous start of an id, or digest.
   *
   * @throws dev.berth.core.EngineException of kind NOT_FOUND, or INVALID for what is no reference
   */
  public Image find(String name) {
    throw new UnsupportedOperationException();
  }

  /**
   * Lists images, the newest first. Intermediate images (untagged and parents of others) are left
   * out unless all are asked for.
   */
  public List<Image> list(ImageFilters filters, boolean all) {
    throw new UnsupportedOperationException();
  }

  /** How much of each image's size is shared with other images. */
  public Map<Digest, Long> sharedBytes() {
    throw new UnsupportedOperationException();
  }

  /** The size of all layers, each counted once. */
  public long layersBytes() {
    throw new UnsupportedOperationException();
  }

  /** How an image came about, the last step first. */
  public List<LayerHistory> history(String name) {
    throw new UnsupportedOperationException();
  }

  /** Gives an image one more name; takes the name from the image that had it. */
  public void tag(String source, String repository, String tag) {
    throw new UnsupportedOperationException();
  }

  /**
   * Removes a name, and the image with it when that was the last one; or an image by id.
   *
   * @param force also with several names, or when stopped containers use it
   * @param pruneParents also untagged parents that nothing else needs
   * @throws dev.berth.core.EngineException of kind CONFLICT when it is used
   */
  public List<ImageRemoval> remove(String name, boolean force, boolean pruneParents) {
    throw new UnsupportedOperationException();
  }

  /** Removes what no container uses: dangling images, or all when the filter says not dangling. */
  public PruneReport prune(ImageFilters filters) {
    throw new UnsupportedOperationException();
  }

  /**
   * Takes in a docker-archive or an OCI layout, in whichever compression.
   *
   * @param quiet no progress, only the names
   * @return the images taken in
   */
  public List<Image> load(InputStream archive, boolean quiet, ProgressSink progress) {
    throw new UnsupportedOperationException();
  }

  /** Writes images as an archive that is a docker-archive and an OCI layout at once. */
  public void save(List<String> names, OutputStream archive) {
    throw new UnsupportedOperationException();
  }

  /** Makes an image of one layer of a tree's archive, in whichever compression. */
  public Image importTree(ImportRequest request, InputStream archive, ProgressSink progress) {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes an image of another and one more layer.
   *
   * @param layer a tar archive, not compressed, or null for a change of the configuration only
   */
  public Image commit(CommitRequest request, @Nullable InputStream layer) {
    throw new UnsupportedOperationException();
  }

  /** Pulls from a registry. */
  public void pull(PullRequest request, ProgressSink progress) {
    throw new UnsupportedOperationException();
  }

  /** Pushes to a registry. */
  public void push(PushRequest request, ProgressSink progress) {
    throw new UnsupportedOperationException();
  }
}
