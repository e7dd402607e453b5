package dev.berth.runtime.driver.crun;

import dev.berth.linux.Fd;
import dev.berth.linux.MountFlags;
import dev.berth.linux.Mounts;
import dev.berth.linux.NamespaceKind;
import dev.berth.linux.Namespaces;
import dev.berth.runtime.driver.cgroup.CgroupTree;

/**
 * The machine's mounts without the version 2 tree of a hybrid cgroup hierarchy, which crun does not
 * accept. A view is a mount namespace that is copied for each launch, so that it has every mount of
 * that moment, and that ends with the runtime program: the monitor stays outside, and so does not
 * keep mounts of other containers alive.
 */
final class LegacyView {
  private final CgroupTree tree;

  LegacyView(CgroupTree tree) {
    this.tree = tree;
  }

  /** Makes one; the caller closes the descriptor. */
  Fd open() {
    return Namespaces.call(() -> {
      hideUnified();
      return Namespaces.current(NamespaceKind.MOUNT);
    });
  }

  /** Changes the view of the calling thread, which must be one made for a single start. */
  void hideUnified() {
    Namespaces.unshare(NamespaceKind.MOUNT);
    Mounts.propagation(tree.root().toString(), MountFlags.MS_PRIVATE | MountFlags.MS_REC);
    Mounts.detachIfMounted(tree.unified().toString());
  }
}
