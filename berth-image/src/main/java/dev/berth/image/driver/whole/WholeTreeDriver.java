package dev.berth.image.driver.whole;

import dev.berth.archive.TarWriter;
import dev.berth.image.FilesystemChange;
import dev.berth.image.StorageDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What drivers have in common that keep a whole tree for each container: there is nothing to mount,
 * and what was changed is found by a comparison.
 */
public interface WholeTreeDriver extends StorageDriver {
  /** The tree of a stack, and what it began as. */
  WholeTree tree(Stack stack);

  @Override
  default void mount(Stack stack) {}

  @Override
  default boolean isMounted(Stack stack) {
    return true;
  }

  @Override
  default void unmount(Stack stack) {}

  @Override
  default Path merged(Stack stack) {
    return stack.home().resolve("merged");
  }

  @Override
  default List<FilesystemChange> changes(Stack stack) {
    return tree(stack).changes();
  }

  @Override
  default void packChanges(Stack stack, TarWriter archive) throws IOException {
    tree(stack).packChanges(archive);
  }

  @Override
  default long ownBytes(Stack stack) {
    return tree(stack).ownBytes();
  }

  @Override
  default Map<String, String> data(Stack stack) {
    return Map.of();
  }
}
