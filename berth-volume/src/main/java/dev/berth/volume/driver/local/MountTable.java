package dev.berth.volume.driver.local;

import java.util.Set;

/** The seam to the kernel's mounts. */
interface MountTable {
  /**
   * Mounts; either whole or not at all.
   *
   * @throws dev.berth.linux.LinuxException why not
   */
  void mount(MountCall call);

  /** Takes away the topmost mount at a path at once; nothing happens where there is none. */
  void unmount(String target);

  /** The mount points at or below a folder. */
  Set<String> below(String folder);
}
