package dev.berth.linux;

/**
 * The flags of the file calls, by their kernel names.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/open.2.html">open(2)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/openat2.2.html">openat2(2)</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/inode.7.html">inode(7)</a>
 */
public final class FileFlags {
  /** Open for reading only. */
  public static final int O_RDONLY = 0;

  /** Open for writing only. */
  public static final int O_WRONLY = 1;

  /** Open for reading and writing. */
  public static final int O_RDWR = 2;

  /** Create when missing. */
  public static final int O_CREAT = 0x40;

  /** Fail when it exists. */
  public static final int O_EXCL = 0x80;

  /** Do not become the controlling terminal. */
  public static final int O_NOCTTY = 0x100;

  /** Cut to nothing. */
  public static final int O_TRUNC = 0x200;

  /** Each write goes to the end. */
  public static final int O_APPEND = 0x400;

  /** Never wait. */
  public static final int O_NONBLOCK = 0x800;

  /** Only a directory. */
  public static final int O_DIRECTORY = Architecture.choose(0x10000, 0x4000);

  /** Not through a symbolic link at the end. */
  public static final int O_NOFOLLOW = Architecture.choose(0x20000, 0x8000);

  /** Closed by execve; added by every call here. */
  public static final int O_CLOEXEC = 0x80000;

  /** Only a place in the tree, without access to the content. */
  public static final int O_PATH = 0x200000;

  /** A file without a name in the given directory. */
  public static final int O_TMPFILE = 0x400000 | O_DIRECTORY;

  /** Stay on one mount. */
  public static final long RESOLVE_NO_XDEV = 0x01;

  /** Refuse magic links as /proc has them. */
  public static final long RESOLVE_NO_MAGICLINKS = 0x02;

  /** Refuse every symbolic link. */
  public static final long RESOLVE_NO_SYMLINKS = 0x04;

  /** Refuse to leave the directory. */
  public static final long RESOLVE_BENEATH = 0x08;

  /** Treat the directory as the root, as after chroot. */
  public static final long RESOLVE_IN_ROOT = 0x10;

  /** The link itself, not what it names. */
  public static final int AT_SYMLINK_NOFOLLOW = 0x100;

  /** unlinkat removes a directory. */
  public static final int AT_REMOVEDIR = 0x200;

  /** linkat follows a symbolic link. */
  public static final int AT_SYMLINK_FOLLOW = 0x400;

  /** An empty path means the descriptor itself. */
  public static final int AT_EMPTY_PATH = 0x1000;

  /** open_tree, mount_setattr and statx: everything below as well. */
  public static final int AT_RECURSIVE = 0x8000;

  /** {@code AT_STATX_FORCE_SYNC}: asks the server of a network file system. */
  public static final int AT_STATX_FORCE_SYNC = 0x2000;

  /** renameat2 fails when the target exists. */
  public static final int RENAME_NOREPLACE = 1;

  /** renameat2 swaps two names. */
  public static final int RENAME_EXCHANGE = 2;

  /** renameat2 leaves a whiteout behind. */
  public static final int RENAME_WHITEOUT = 4;

  /** The bits of a mode that tell the kind of file. */
  public static final int S_IFMT = 0xF000;

  /** A socket. */
  public static final int S_IFSOCK = 0xC000;

  /** A symbolic link. */
  public static final int S_IFLNK = 0xA000;

  /** A regular file. */
  public static final int S_IFREG = 0x8000;

  /** A block device. */
  public static final int S_IFBLK = 0x6000;

  /** A directory. */
  public static final int S_IFDIR = 0x4000;

  /** A character device. */
  public static final int S_IFCHR = 0x2000;

  /** A named pipe. */
  public static final int S_IFIFO = 0x1000;

  private FileFlags() {}
}
