package dev.berth.linux;

/**
 * The numbers of the system calls in use, for x86_64 and aarch64.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/syscalls.2.html">syscalls(2)</a>
 */
final class SyscallNumber {
  static final int READ = Architecture.choose(0, 63);
  static final int WRITE = Architecture.choose(1, 64);
  static final int CLOSE = Architecture.choose(3, 57);
  static final int LSEEK = Architecture.choose(8, 62);
  static final int IOCTL = Architecture.choose(16, 29);
  static final int PREAD64 = Architecture.choose(17, 67);
  static final int PWRITE64 = Architecture.choose(18, 68);
  static final int DUP = Architecture.choose(32, 23);
  static final int SENDFILE = Architecture.choose(40, 71);
  static final int GETPID = Architecture.choose(39, 172);
  static final int SOCKET = Architecture.choose(41, 198);
  static final int CONNECT = Architecture.choose(42, 203);
  static final int SENDTO = Architecture.choose(44, 206);
  static final int RECVFROM = Architecture.choose(45, 207);
  static final int SENDMSG = Architecture.choose(46, 211);
  static final int RECVMSG = Architecture.choose(47, 212);
  static final int SHUTDOWN = Architecture.choose(48, 210);
  static final int BIND = Architecture.choose(49, 200);
  static final int LISTEN = Architecture.choose(50, 201);
  static final int GETSOCKNAME = Architecture.choose(51, 204);
  static final int GETPEERNAME = Architecture.choose(52, 205);
  static final int SOCKETPAIR = Architecture.choose(53, 199);
  static final int SETSOCKOPT = Architecture.choose(54, 208);
  static final int GETSOCKOPT = Architecture.choose(55, 209);
  static final int KILL = Architecture.choose(62, 129);
  static final int UNAME = Architecture.choose(63, 160);
  static final int FCNTL = Architecture.choose(72, 25);
  static final int FLOCK = Architecture.choose(73, 32);
  static final int FSYNC = Architecture.choose(74, 82);
  static final int FDATASYNC = Architecture.choose(75, 83);
  static final int FTRUNCATE = Architecture.choose(77, 46);
  static final int FCHDIR = Architecture.choose(81, 50);
  static final int FCHMOD = Architecture.choose(91, 52);
  static final int FCHOWN = Architecture.choose(93, 55);
  static final int UMASK = Architecture.choose(95, 166);
  static final int SYSINFO = Architecture.choose(99, 179);
  static final int STATFS = Architecture.choose(137, 43);
  static final int FSTATFS = Architecture.choose(138, 44);
  static final int PIVOT_ROOT = Architecture.choose(155, 41);
  static final int PRCTL = Architecture.choose(157, 167);
  static final int CHROOT = Architecture.choose(161, 51);
  static final int MOUNT = Architecture.choose(165, 40);
  static final int UMOUNT2 = Architecture.choose(166, 39);
  static final int SETHOSTNAME = Architecture.choose(170, 161);
  static final int GETTID = Architecture.choose(186, 178);
  static final int LSETXATTR = Architecture.choose(189, 6);
  static final int FSETXATTR = Architecture.choose(190, 7);
  static final int LGETXATTR = Architecture.choose(192, 9);
  static final int FGETXATTR = Architecture.choose(193, 10);
  static final int LLISTXATTR = Architecture.choose(195, 12);
  static final int FLISTXATTR = Architecture.choose(196, 13);
  static final int LREMOVEXATTR = Architecture.choose(198, 15);
  static final int FREMOVEXATTR = Architecture.choose(199, 16);
  static final int GETDENTS64 = Architecture.choose(217, 61);
  static final int EPOLL_CTL = Architecture.choose(233, 21);
  static final int WAITID = Architecture.choose(247, 95);
  static final int INOTIFY_ADD_WATCH = Architecture.choose(254, 27);
  static final int INOTIFY_RM_WATCH = Architecture.choose(255, 28);
  static final int OPENAT = Architecture.choose(257, 56);
  static final int MKDIRAT = Architecture.choose(258, 34);
  static final int MKNODAT = Architecture.choose(259, 33);
  static final int FCHOWNAT = Architecture.choose(260, 54);
  static final int UNLINKAT = Architecture.choose(263, 35);
  static final int LINKAT = Architecture.choose(265, 37);
  static final int SYMLINKAT = Architecture.choose(266, 36);
  static final int READLINKAT = Architecture.choose(267, 78);
  static final int FCHMODAT = Architecture.choose(268, 53);
  static final int PPOLL = Architecture.choose(271, 73);
  static final int UNSHARE = Architecture.choose(272, 97);
  static final int UTIMENSAT = Architecture.choose(280, 88);
  static final int EPOLL_PWAIT = Architecture.choose(281, 22);
  static final int FALLOCATE = Architecture.choose(285, 47);
  static final int ACCEPT4 = Architecture.choose(288, 242);
  static final int EVENTFD2 = Architecture.choose(290, 19);
  static final int EPOLL_CREATE1 = Architecture.choose(291, 20);
  static final int DUP3 = Architecture.choose(292, 24);
  static final int PIPE2 = Architecture.choose(293, 59);
  static final int INOTIFY_INIT1 = Architecture.choose(294, 26);
  static final int PRLIMIT64 = Architecture.choose(302, 261);
  static final int SYNCFS = Architecture.choose(306, 267);
  static final int SETNS = Architecture.choose(308, 268);
  static final int RENAMEAT2 = Architecture.choose(316, 276);
  static final int MEMFD_CREATE = Architecture.choose(319, 279);
  static final int COPY_FILE_RANGE = Architecture.choose(326, 285);
  static final int STATX = Architecture.choose(332, 291);
  static final int PIDFD_SEND_SIGNAL = 424;
  static final int OPEN_TREE = 428;
  static final int MOVE_MOUNT = 429;
  static final int FSOPEN = 430;
  static final int FSCONFIG = 431;
  static final int FSMOUNT = 432;
  static final int FSPICK = 433;
  static final int PIDFD_OPEN = 434;
  static final int OPENAT2 = 437;
  static final int PIDFD_GETFD = 438;
  static final int MOUNT_SETATTR = 442;
  static final int QUOTACTL_FD = 443;

  private SyscallNumber() {}
}
