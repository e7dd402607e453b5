package dev.berth.linux;

import java.util.Arrays;

/**
 * The kernel's error numbers with their names and C's texts, written as Go and the Docker command
 * line write them: without a capital letter.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/errno.3.html">errno(3)</a>
 */
public enum Errno {
  /** An error number that this table does not know. */
  UNKNOWN(0, "unknown error"),
  /** operation not permitted. */
  EPERM(1, "operation not permitted"),
  /** no such file or directory. */
  ENOENT(2, "no such file or directory"),
  /** no such process. */
  ESRCH(3, "no such process"),
  /** interrupted system call. */
  EINTR(4, "interrupted system call"),
  /** input/output error. */
  EIO(5, "input/output error"),
  /** no such device or address. */
  ENXIO(6, "no such device or address"),
  /** argument list too long. */
  E2BIG(7, "argument list too long"),
  /** exec format error. */
  ENOEXEC(8, "exec format error"),
  /** bad file descriptor. */
  EBADF(9, "bad file descriptor"),
  /** no child processes. */
  ECHILD(10, "no child processes"),
  /** resource temporarily unavailable. */
  EAGAIN(11, "resource temporarily unavailable"),
  /** cannot allocate memory. */
  ENOMEM(12, "cannot allocate memory"),
  /** permission denied. */
  EACCES(13, "permission denied"),
  /** bad address. */
  EFAULT(14, "bad address"),
  /** block device required. */
  ENOTBLK(15, "block device required"),
  /** device or resource busy. */
  EBUSY(16, "device or resource busy"),
  /** file exists. */
  EEXIST(17, "file exists"),
  /** invalid cross-device link. */
  EXDEV(18, "invalid cross-device link"),
  /** no such device. */
  ENODEV(19, "no such device"),
  /** not a directory. */
  ENOTDIR(20, "not a directory"),
  /** is a directory. */
  EISDIR(21, "is a directory"),
  /** invalid argument. */
  EINVAL(22, "invalid argument"),
  /** too many open files in system. */
  ENFILE(23, "too many open files in system"),
  /** too many open files. */
  EMFILE(24, "too many open files"),
  /** inappropriate ioctl for device. */
  ENOTTY(25, "inappropriate ioctl for device"),
  /** text file busy. */
  ETXTBSY(26, "text file busy"),
  /** file too large. */
  EFBIG(27, "file too large"),
  /** no space left on device. */
  ENOSPC(28, "no space left on device"),
  /** illegal seek. */
  ESPIPE(29, "illegal seek"),
  /** read-only file system. */
  EROFS(30, "read-only file system"),
  /** too many links. */
  EMLINK(31, "too many links"),
  /** broken pipe. */
  EPIPE(32, "broken pipe"),
  /** numerical argument out of domain. */
  EDOM(33, "numerical argument out of domain"),
  /** numerical result out of range. */
  ERANGE(34, "numerical result out of range"),
  /** resource deadlock avoided. */
  EDEADLK(35, "resource deadlock avoided"),
  /** file name too long. */
  ENAMETOOLONG(36, "file name too long"),
  /** no locks available. */
  ENOLCK(37, "no locks available"),
  /** function not implemented. */
  ENOSYS(38, "function not implemented"),
  /** directory not empty. */
  ENOTEMPTY(39, "directory not empty"),
  /** too many levels of symbolic links. */
  ELOOP(40, "too many levels of symbolic links"),
  /** no message of desired type. */
  ENOMSG(42, "no message of desired type"),
  /** identifier removed. */
  EIDRM(43, "identifier removed"),
  /** channel number out of range. */
  ECHRNG(44, "channel number out of range"),
  /** level 2 not synchronized. */
  EL2NSYNC(45, "level 2 not synchronized"),
  /** level 3 halted. */
  EL3HLT(46, "level 3 halted"),
  /** level 3 reset. */
  EL3RST(47, "level 3 reset"),
  /** link number out of range. */
  ELNRNG(48, "link number out of range"),
  /** protocol driver not attached. */
  EUNATCH(49, "protocol driver not attached"),
  /** no CSI structure available. */
  ENOCSI(50, "no CSI structure available"),
  /** level 2 halted. */
  EL2HLT(51, "level 2 halted"),
  /** invalid exchange. */
  EBADE(52, "invalid exchange"),
  /** invalid request descriptor. */
  EBADR(53, "invalid request descriptor"),
  /** exchange full. */
  EXFULL(54, "exchange full"),
  /** no anode. */
  ENOANO(55, "no anode"),
  /** invalid request code. */
  EBADRQC(56, "invalid request code"),
  /** invalid slot. */
  EBADSLT(57, "invalid slot"),
  /** bad font file format. */
  EBFONT(59, "bad font file format"),
  /** device not a stream. */
  ENOSTR(60, "device not a stream"),
  /** no data available. */
  ENODATA(61, "no data available"),
  /** timer expired. */
  ETIME(62, "timer expired"),
  /** out of streams resources. */
  ENOSR(63, "out of streams resources"),
  /** machine is not on the network. */
  ENONET(64, "machine is not on the network"),
  /** package not installed. */
  ENOPKG(65, "package not installed"),
  /** object is remote. */
  EREMOTE(66, "object is remote"),
  /** link has been severed. */
  ENOLINK(67, "link has been severed"),
  /** advertise error. */
  EADV(68, "advertise error"),
  /** srmount error. */
  ESRMNT(69, "srmount error"),
  /** communication error on send. */
  ECOMM(70, "communication error on send"),
  /** protocol error. */
  EPROTO(71, "protocol error"),
  /** multihop attempted. */
  EMULTIHOP(72, "multihop attempted"),
  /** RFS specific error. */
  EDOTDOT(73, "RFS specific error"),
  /** bad message. */
  EBADMSG(74, "bad message"),
  /** value too large for defined data type. */
  EOVERFLOW(75, "value too large for defined data type"),
  /** name not unique on network. */
  ENOTUNIQ(76, "name not unique on network"),
  /** file descriptor in bad state. */
  EBADFD(77, "file descriptor in bad state"),
  /** remote address changed. */
  EREMCHG(78, "remote address changed"),
  /** can not access a needed shared library. */
  ELIBACC(79, "can not access a needed shared library"),
  /** accessing a corrupted shared library. */
  ELIBBAD(80, "accessing a corrupted shared library"),
  /** .lib section in a.out corrupted. */
  ELIBSCN(81, ".lib section in a.out corrupted"),
  /** attempting to link in too many shared libraries. */
  ELIBMAX(82, "attempting to link in too many shared libraries"),
  /** cannot exec a shared library directly. */
  ELIBEXEC(83, "cannot exec a shared library directly"),
  /** invalid or incomplete multibyte or wide character. */
  EILSEQ(84, "invalid or incomplete multibyte or wide character"),
  /** interrupted system call should be restarted. */
  ERESTART(85, "interrupted system call should be restarted"),
  /** streams pipe error. */
  ESTRPIPE(86, "streams pipe error"),
  /** too many users. */
  EUSERS(87, "too many users"),
  /** socket operation on non-socket. */
  ENOTSOCK(88, "socket operation on non-socket"),
  /** destination address required. */
  EDESTADDRREQ(89, "destination address required"),
  /** message too long. */
  EMSGSIZE(90, "message too long"),
  /** protocol wrong type for socket. */
  EPROTOTYPE(91, "protocol wrong type for socket"),
  /** protocol not available. */
  ENOPROTOOPT(92, "protocol not available"),
  /** protocol not supported. */
  EPROTONOSUPPORT(93, "protocol not supported"),
  /** socket type not supported. */
  ESOCKTNOSUPPORT(94, "socket type not supported"),
  /** operation not supported. */
  EOPNOTSUPP(95, "operation not supported"),
  /** protocol family not supported. */
  EPFNOSUPPORT(96, "protocol family not supported"),
  /** address family not supported by protocol. */
  EAFNOSUPPORT(97, "address family not supported by protocol"),
  /** address already in use. */
  EADDRINUSE(98, "address already in use"),
  /** cannot assign requested address. */
  EADDRNOTAVAIL(99, "cannot assign requested address"),
  /** network is down. */
  ENETDOWN(100, "network is down"),
  /** network is unreachable. */
  ENETUNREACH(101, "network is unreachable"),
  /** network dropped connection on reset. */
  ENETRESET(102, "network dropped connection on reset"),
  /** software caused connection abort. */
  ECONNABORTED(103, "software caused connection abort"),
  /** connection reset by peer. */
  ECONNRESET(104, "connection reset by peer"),
  /** no buffer space available. */
  ENOBUFS(105, "no buffer space available"),
  /** transport endpoint is already connected. */
  EISCONN(106, "transport endpoint is already connected"),
  /** transport endpoint is not connected. */
  ENOTCONN(107, "transport endpoint is not connected"),
  /** cannot send after transport endpoint shutdown. */
  ESHUTDOWN(108, "cannot send after transport endpoint shutdown"),
  /** too many references: cannot splice. */
  ETOOMANYREFS(109, "too many references: cannot splice"),
  /** connection timed out. */
  ETIMEDOUT(110, "connection timed out"),
  /** connection refused. */
  ECONNREFUSED(111, "connection refused"),
  /** host is down. */
  EHOSTDOWN(112, "host is down"),
  /** no route to host. */
  EHOSTUNREACH(113, "no route to host"),
  /** operation already in progress. */
  EALREADY(114, "operation already in progress"),
  /** operation now in progress. */
  EINPROGRESS(115, "operation now in progress"),
  /** stale file handle. */
  ESTALE(116, "stale file handle"),
  /** structure needs cleaning. */
  EUCLEAN(117, "structure needs cleaning"),
  /** not a XENIX named type file. */
  ENOTNAM(118, "not a XENIX named type file"),
  /** no XENIX semaphores available. */
  ENAVAIL(119, "no XENIX semaphores available"),
  /** is a named type file. */
  EISNAM(120, "is a named type file"),
  /** remote I/O error. */
  EREMOTEIO(121, "remote I/O error"),
  /** disk quota exceeded. */
  EDQUOT(122, "disk quota exceeded"),
  /** no medium found. */
  ENOMEDIUM(123, "no medium found"),
  /** wrong medium type. */
  EMEDIUMTYPE(124, "wrong medium type"),
  /** operation canceled. */
  ECANCELED(125, "operation canceled"),
  /** required key not available. */
  ENOKEY(126, "required key not available"),
  /** key has expired. */
  EKEYEXPIRED(127, "key has expired"),
  /** key has been revoked. */
  EKEYREVOKED(128, "key has been revoked"),
  /** key was rejected by service. */
  EKEYREJECTED(129, "key was rejected by service"),
  /** owner died. */
  EOWNERDEAD(130, "owner died"),
  /** state not recoverable. */
  ENOTRECOVERABLE(131, "state not recoverable"),
  /** operation not possible due to RF-kill. */
  ERFKILL(132, "operation not possible due to RF-kill");

  private static final Errno[] BY_NUMBER = table();

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** The number, the same on x86_64 and aarch64. */
  public int number() {
    return number;
  }

  /** What {@code strerror} says, for instance {@code no such file or directory}. */
  public String text() {
    return text;
  }

  /** The constant for a number; {@link #UNKNOWN} for one that is not in the table. */
  public static Errno of(int number) {
    return number > 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
  }

  private static Errno[] table() {
    Errno[] values = values();
    Errno[] table = new Errno[values[values.length - 1].number + 1];
    Arrays.fill(table, UNKNOWN);
    for (Errno value : values) {
      table[value.number] = value;
    }
    return table;
  }
}
