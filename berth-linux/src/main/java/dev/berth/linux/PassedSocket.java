package dev.berth.linux;

import static dev.berth.linux.Frame.check;

/**
 * A socket that another process has opened and passed on.
 *
 * @param descriptor its number
 * @param local whether it is a unix socket
 * @param listening whether connections can be accepted from it
 * @see <a href="https://man7.org/linux/man-pages/man3/sd_listen_fds.3.html">sd_listen_fds(3)</a>
 */
public record PassedSocket(int descriptor, boolean local, boolean listening) {
  private static final int F_SETFD = 2;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int FD_CLOEXEC = 1;
  private static final int O_NONBLOCK = 0x800;
  private static final int SO_ACCEPTCONN = 30;
  private static final int SO_DOMAIN = 39;

  /**
   * Takes it over: programs that are started later do not get it, and nothing waits on it.
   *
   * @throws LinuxException EBADF where there is no such descriptor, ENOTSOCK where it is no socket
   */
  public static PassedSocket take(int descriptor) {
    Fd socket = Fd.borrow(descriptor);
    int domain = SocketOptions.get(socket, SocketOptions.SOL_SOCKET, SO_DOMAIN);
    int listening = SocketOptions.get(socket, SocketOptions.SOL_SOCKET, SO_ACCEPTCONN);
    long flags = control(socket, F_GETFL, 0);
    control(socket, F_SETFL, flags | O_NONBLOCK);
    control(socket, F_SETFD, FD_CLOEXEC);
    return new PassedSocket(descriptor, domain == SocketAddressCodec.AF_UNIX, listening != 0);
  }

  private static long control(Fd socket, int command, long argument) {
    try (Frame frame = new Frame()) {
      long result = frame.syscall(SyscallNumber.FCNTL, socket.number(), command, argument);
      return check(result, "fcntl", socket, command);
    }
  }
}
