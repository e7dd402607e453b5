package dev.berth.image;

import dev.berth.archive.TarWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes root filesystems of containers out of layers. Layers are given as directories in the form
 * that overlayfs reads, whatever the driver, and are never changed; what the driver makes lies in a
 * directory of its own. Calls for one stack never overlap; calls for different ones may. All throw
 * {@link dev.berth.linux.LinuxException} when the kernel refuses.
 */
public interface StorageDriver {

  /** Docker's name for it, also the name of its directory below the data root. */
  String name();

  /**
   * Makes its directory and finds out whether it works there.
   *
   * @throws dev.berth.core.EngineException of kind UNAVAILABLE, saying why not
   */
  void check();

  /** What {@code info} tells of it. */
  List<Fact> status();

  /** The directory of a container's root. */
  Path home(String name);

  /**
   * Makes what a stack needs to be mounted. Nothing is left when it fails that {@link #remove} does
   * not take away.
   *
   * @param stack whose home does not exist
   * @param sizeBytes most that the stack's own layer may take; 0 for the driver's own limit, which
   *     may be none
   * @throws dev.berth.core.EngineException of kind INVALID for a limit where it cannot limit
   */
  void prepare(Stack stack, long sizeBytes);

  /** Mounts a prepared stack; does nothing where it is mounted already. */
  void mount(Stack stack);

  /** Whether it is mounted; always, where nothing needs to be. */
  boolean isMounted(Stack stack);

  /** Unmounts it; idempotent. */
  void unmount(Stack stack);

  /** Where the merged tree appears while mounted. */
  Path merged(Stack stack);

  /** Takes a home away with all that is in it, mounted or half-made; idempotent. */
  void remove(Path home);

  /**
   * Removes whatever lies in the driver's directory and is not named.
   *
   * @param homes names of homes that stay
   * @param bases keys of stacks whose common part stays, if there is any
   */
  void retain(Set<String> homes, Set<String> bases);

  /** What differs between the stack's own layer and those below, sorted by path. */
  List<FilesystemChange> changes(Stack stack);

  /** Writes the same as a layer: whiteouts for what was removed. */
  void packChanges(Stack stack, TarWriter archive) throws IOException;

  /** The content that the stack has beyond the layers below. */
  long ownBytes(Stack stack);

  /** Where things lie, in Docker's words; empty where there is nothing to tell. */
  Map<String, String> data(Stack stack);

  /**
   * A line of {@code info}.
   *
   * @param name what it is about
   * @param value what holds here
   */
  record Fact(String name, String value) {}

  /**
   * A container's layers.
   *
   * @param home the container's directory
   * @param lowers the files of the layers below, the highest first
   * @param base a name for what lies below: stacks of the same layers have the same
   */
  record Stack(Path home, List<Path> lowers, String base) {

    /** Copies the list. */
    public Stack {
      lowers = List.copyOf(lowers);
    }
  }
}
