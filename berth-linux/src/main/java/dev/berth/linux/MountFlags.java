package dev.berth.linux;

/**
 * The flags of the mount calls, by their kernel names.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/mount.2.html">mount(2)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/mount_setattr.2.html">mount_setattr(2)</a>
 */
public final class MountFlags {
  /** Read-only. */
  public static final long MS_RDONLY = 1;

  /** Set-user-id bits are ignored. */
  public static final long MS_NOSUID = 2;

  /** Device nodes do not work. */
  public static final long MS_NODEV = 4;

  /** Nothing can be executed. */
  public static final long MS_NOEXEC = 8;

  /** Writes are synchronous. */
  public static final long MS_SYNCHRONOUS = 16;

  /** Change the flags of an existing mount. */
  public static final long MS_REMOUNT = 32;

  /** Directory changes are synchronous. */
  public static final long MS_DIRSYNC = 128;

  /** Access times are not kept. */
  public static final long MS_NOATIME = 1024;

  /** Access times of directories are not kept. */
  public static final long MS_NODIRATIME = 2048;

  /** Show a tree at a second place. */
  public static final long MS_BIND = 4096;

  /** Move a mount. */
  public static final long MS_MOVE = 8192;

  /** Together with bind or propagation: everything below as well. */
  public static final long MS_REC = 16384;

  /** Fewer messages in the kernel log. */
  public static final long MS_SILENT = 32768;

  /** Cannot be bound elsewhere. */
  public static final long MS_UNBINDABLE = 1L << 17;

  /** Takes part in no propagation. */
  public static final long MS_PRIVATE = 1L << 18;

  /** Receives propagation only. */
  public static final long MS_SLAVE = 1L << 19;

  /** Sends and receives propagation. */
  public static final long MS_SHARED = 1L << 20;

  /** Access times follow changes. */
  public static final long MS_RELATIME = 1L << 21;

  /** Access times are always kept. */
  public static final long MS_STRICTATIME = 1L << 24;

  /** umount2: take it from the tree now, finish when unused. */
  public static final int MNT_DETACH = 2;

  /** umount2: give up on a server that does not answer. */
  public static final int MNT_FORCE = 1;

  /** umount2: do not follow a link at the end. */
  public static final int UMOUNT_NOFOLLOW = 8;

  /** mount_setattr: read-only. */
  public static final long MOUNT_ATTR_RDONLY = 0x1;

  /** mount_setattr: no set-user-id. */
  public static final long MOUNT_ATTR_NOSUID = 0x2;

  /** mount_setattr: no devices. */
  public static final long MOUNT_ATTR_NODEV = 0x4;

  /** mount_setattr: no execution. */
  public static final long MOUNT_ATTR_NOEXEC = 0x8;

  /** mount_setattr: symbolic links are not followed; from Linux 5.10 on. */
  public static final long MOUNT_ATTR_NOSYMFOLLOW = 0x200000;

  /** open_tree: a detached copy instead of the place itself. */
  public static final int OPEN_TREE_CLONE = 1;

  private MountFlags() {}
}
