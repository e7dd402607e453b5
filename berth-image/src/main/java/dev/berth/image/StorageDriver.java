package dev.berth.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Stacks layers into the root filesystems of containers. Layers are given as directories in the
 * form that overlayfs reads. Calls for one stack never overlap; calls for different ones may. All
 * throw {@link dev.berth.linux.LinuxException} when the kernel refuses.
 */
public interface StorageDriver {

  /** Docker's name for it, also the name of its directory below the data root. */
  String name();

  /**
   * Finds out whether it works here.
   *
   * @param root its directory, which exists
   * @throws dev.berth.core.EngineException of kind UNAVAILABLE, saying why not
   */
  void check(Path root);

  /** Makes what a stack needs to be mounted; idempotent. */
  void prepare(Stack stack);

  /** Mounts a prepared stack; does nothing where it is mounted already. */
  void mount(Stack stack);

  /** Unmounts it; idempotent. */
  void unmount(Stack stack);

  /** Where the merged tree appears while mounted. */
  Path merged(Stack stack);

  /** What differs between the stack's own layer and those below, sorted by path. */
  List<FilesystemChange> changes(Stack stack);

  /** The directory that holds the stack's own layer in overlayfs's form. */
  Path ownLayer(Stack stack);

  /** Where things lie, in Docker's words. */
  Map<String, String> data(Stack stack);

  /**
   * A container's layers.
   *
   * @param home the container's directory
   * @param lowers the files of the layers below, the highest first
   */
  record Stack(Path home, List<Path> lowers) {

    /** Copies the list. */
    public Stack {
      lowers = List.copyOf(lowers);
    }
  }
}
