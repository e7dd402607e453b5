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

  /**
   * The first word of a call's data that its file system takes exception to, asked after {@link
   * #mount} was refused as invalid; empty where it is none of them, or the kernel does not tell.
   */
  String refusedWord(MountCall call);

  /** Takes away the topmost mount at a path at once; nothing happens where there is none. */
  void unmount(String target);

  /**
   * Has whoever holds a mounted file system answer a question, without any cache.
   *
   * @throws dev.berth.linux.LinuxException what it answers
   */
  void touch(String target);

  /** The mount points at or below a folder. */
  Set<String> below(String folder);
}
