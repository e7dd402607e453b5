package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.BIND;
import static dev.berth.linux.SyscallNumber.CONNECT;
import static dev.berth.linux.SyscallNumber.GETSOCKOPT;
import static dev.berth.linux.SyscallNumber.LISTEN;
import static dev.berth.linux.SyscallNumber.SENDTO;
import static dev.berth.linux.SyscallNumber.SHUTDOWN;
import static dev.berth.linux.SyscallNumber.SOCKET;
import static dev.berth.linux.SyscallNumber.SOCKETPAIR;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Sockets with paths as addresses, of the kinds that java.nio does not offer: packets with order
 * (conmon's attach socket) and datagrams (sd_notify). Any length of path works.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
 */
public final class UnixSockets {
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_SEQPACKET = 5;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int SHUT_WR = 1;

  private UnixSockets() {}

  /** Connects a packet socket; it waits on reads until made non-blocking. */
  public static Fd connectSeqpacket(Path path) {
    return connect(path, SOCK_SEQPACKET);
  }

  /** Connects a stream socket. */
  public static Fd connectStream(Path path) {
    return connect(path, SOCK_STREAM);
  }

  /** A listening packet socket at a path, which must not exist; the caller removes it. */
  public static Fd listenSeqpacket(Path path, int backlog) {
    Fd socket = socket(SOCK_SEQPACKET);
    try (ShortPath place = ShortPath.of(path);
        Frame frame = new Frame()) {
      byte[] address = SocketAddressCodec.encodeUnix(place.text());
      long bytes = frame.bytes(address);
      check(frame.syscall(BIND, socket.number(), bytes, address.length), "bind", path);
      check(frame.syscall(LISTEN, socket.number(), backlog), "listen", path);
      return socket;
    } catch (RuntimeException failure) {
      socket.close();
      throw failure;
    }
  }

  /** Two connected packet sockets. */
  public static FileData.Pipe seqpacketPair() {
    try (Frame frame = new Frame()) {
      MemorySegment ends = frame.allocate(8);
      long type = SOCK_SEQPACKET | FileFlags.O_CLOEXEC;
      check(
          frame.syscall(SOCKETPAIR, SocketAddressCodec.AF_UNIX, type, 0, ends.address()),
          "socketpair");
      var numbers = Frame.buffer(ends);
      return new FileData.Pipe(Fd.adopt(numbers.getInt(0)), Fd.adopt(numbers.getInt(4)));
    }
  }

  /** Sends one packet or part of a stream; EPIPE when the other side is gone. */
  public static int send(Fd socket, byte[] content, int offset, int length) {
    try (Frame frame = new Frame()) {
      long bytes = frame.bytes(content, offset, length);
      long result;
      do {
        result = frame.syscall(SENDTO, socket.number(), bytes, length, MSG_NOSIGNAL);
      } while (result == -Errno.EINTR.number());
      return (int) check(result, "sendto", socket);
    }
  }

  /** Tells the other side that nothing more comes; reading goes on. */
  public static void shutdownOutput(Fd socket) {
    try (Frame frame = new Frame()) {
      check(frame.syscall(SHUTDOWN, socket.number(), SHUT_WR), "shutdown", socket);
    }
  }

  /**
   * Who is at the other end of a connected socket.
   *
   * @param pid its process when it connected
   * @param userId its user
   * @param groupId its group
   */
  public record PeerCredentials(int pid, int userId, int groupId) {}

  /** Who is at the other end of a connected socket. */
  public static PeerCredentials peerCredentials(Fd socket) {
    try (Frame frame = new Frame()) {
      MemorySegment value = frame.allocate(12);
      MemorySegment length = frame.allocate(4);
      Frame.buffer(length).putInt(12);
      long result =
          frame.syscall(
              GETSOCKOPT,
              socket.number(),
              SocketOptions.SOL_SOCKET,
              SocketOptions.SO_PEERCRED,
              value.address(),
              length.address());
      check(result, "getsockopt", "SO_PEERCRED");
      var words = Frame.buffer(value);
      return new PeerCredentials(words.getInt(0), words.getInt(4), words.getInt(8));
    }
  }

  /**
   * Tells the service manager about a change of state.
   *
   * @param address the value of {@code NOTIFY_SOCKET}
   * @param state lines such as {@code READY=1}
   * @see <a href="https://man7.org/linux/man-pages/man3/sd_notify.3.html">sd_notify(3)</a>
   */
  public static void notifyServiceManager(String address, String state) {
    byte[] content = state.getBytes(StandardCharsets.UTF_8);
    byte[] to = SocketAddressCodec.encodeUnix(address);
    try (Fd socket = socket(SOCK_DGRAM);
        Frame frame = new Frame()) {
      long bytes = frame.bytes(content);
      long place = frame.bytes(to);
      long result =
          frame.syscall(
              SENDTO, socket.number(), bytes, content.length, MSG_NOSIGNAL, place, to.length);
      check(result, "sendto", address);
    }
  }

  private static Fd connect(Path path, int type) {
    Fd socket = socket(type);
    try (ShortPath place = ShortPath.of(path);
        Frame frame = new Frame()) {
      byte[] address = SocketAddressCodec.encodeUnix(place.text());
      long bytes = frame.bytes(address);
      check(frame.syscall(CONNECT, socket.number(), bytes, address.length), "connect", path);
      return socket;
    } catch (RuntimeException failure) {
      socket.close();
      throw failure;
    }
  }

  private static Fd socket(int type) {
    try (Frame frame = new Frame()) {
      long flags = type | FileFlags.O_CLOEXEC;
      long result = frame.syscall(SOCKET, SocketAddressCodec.AF_UNIX, flags, 0);
      return Fd.adopt((int) check(result, "socket", "AF_UNIX"));
    }
  }

  /** A path that fits into an address: itself, or its name below an open directory. */
  private record ShortPath(String text, Fd directory) implements AutoCloseable {
    static ShortPath of(Path path) {
      String whole = path.toString();
      Path parent = path.getParent();
      if (parent == null
          || KernelStrings.encode(whole).length < SocketAddressCodec.UNIX_PATH_BYTES) {
        return new ShortPath(whole, Fd.currentDirectory());
      }
      Fd directory = FileCalls.open(parent.toString(), FileFlags.O_PATH | FileFlags.O_DIRECTORY);
      return new ShortPath(directory.procPath() + "/" + path.getFileName(), directory);
    }

    @Override
    public void close() {
      directory.close();
    }
  }
}
