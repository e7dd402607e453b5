package dev.berth.image.driver.vfs;

import dev.berth.archive.Trees;
import dev.berth.image.StorageLimits;
import dev.berth.image.driver.home.HomeDirectory;
import dev.berth.image.driver.whole.WholeTree;
import dev.berth.image.driver.whole.WholeTreeDriver;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A whole copy of the image's files for each container: slow and large, and works on every file
 * system. Blocks are shared with the layers where the file system can do that.
 */
public final class VfsDriver implements WholeTreeDriver {
  private final HomeDirectory directory;
  private final StorageLimits limits;

  /**
   * @param root its directory, made by {@link #check}
   * @param limits for containers that ask for none
   */
  public VfsDriver(Path root, StorageLimits limits) {
    this.directory = new HomeDirectory(root);
    this.limits = limits;
  }

  @Override
  public String name() {
    return "vfs";
  }

  @Override
  public void check() {
    directory.make();
    if (limits.sizeBytes() > 0) {
      directory.requireQuota(
          "Storage option vfs.size not supported. Filesystem does not support Project Quota");
    }
  }

  @Override
  public List<Fact> status() {
    return List.of();
  }

  @Override
  public Path home(String name) {
    return directory.home(name);
  }

  @Override
  public void prepare(Stack stack, long sizeBytes) {
    long size = limits.effective(sizeBytes);
    if (size > 0) {
      directory.requireQuota("Filesystem does not support, or has not enabled quotas");
    }
    directory.makeHome(stack.home(), size);
    directory.makeInside(merged(stack), 0755);
    tree(stack).compose();
  }

  @Override
  public WholeTree tree(Stack stack) {
    return new WholeTree(merged(stack), stack.lowers());
  }

  @Override
  public void remove(Path home) {
    directory.deleteHome(home, () -> Trees.delete(home));
  }

  @Override
  public void retain(Set<String> homes, Set<String> bases) {
    directory.others(homes).forEach(this::remove);
  }
}
