package dev.berth.linux;

import static dev.berth.linux.Frame.check;
import static dev.berth.linux.SyscallNumber.ACCEPT4;
import static dev.berth.linux.SyscallNumber.BIND;
import static dev.berth.linux.SyscallNumber.GETSOCKNAME;
import static dev.berth.linux.SyscallNumber.LISTEN;
import static dev.berth.linux.SyscallNumber.RECVFROM;
import static dev.berth.linux.SyscallNumber.SENDTO;
import static dev.berth.linux.SyscallNumber.SOCKET;

import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Sockets with Internet addresses, opened in the network namespace of the calling thread and usable
 * from any thread later: {@code Namespaces.inNetwork(network, () -> InternetSockets.bind(…))}. A
 * java.nio channel can be opened in the same way. An IPv6 socket takes IPv6 only.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/ip.7.html">ip(7)</a>
 */
public final class InternetSockets {
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPPROTO_RAW = 255;
  private static final int SOCK_RAW = 3;
  private static final int IPV6_V6ONLY = 26;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** The transport protocols with ports. */
  public enum Protocol {
    /** TCP. */
    TCP(1, 6),
    /** UDP. */
    UDP(2, 17),
    /** SCTP; EPROTONOSUPPORT where the kernel lacks it. */
    SCTP(1, 132);

    private final int type;
    private final int number;

    Protocol(int type, int number) {
      this.type = type;
      this.number = number;
    }

    /** The protocol's number in IP. */
    public int number() {
      return number;
    }
  }

  private InternetSockets() {}

  /**
   * A bound socket that never waits; TCP and SCTP listen on it. EADDRINUSE when the port is taken;
   * for TCP and SCTP ports in TIME_WAIT are free.
   */
  public static Fd bind(Protocol protocol, InetSocketAddress address) {
    Fd socket = bound(protocol, address, protocol != Protocol.UDP);
    if (protocol == Protocol.UDP) {
      return socket;
    }
    try (Frame frame = new Frame()) {
      check(frame.syscall(LISTEN, socket.number(), 128), "listen", protocol, address);
      return socket;
    } catch (RuntimeException failure) {
      socket.close();
      throw failure;
    }
  }

  /** A bound socket that turns everybody away: its port is taken and no more than that. */
  public static Fd reserve(Protocol protocol, InetSocketAddress address) {
    return bound(protocol, address, false);
  }

  private static Fd bound(Protocol protocol, InetSocketAddress address, boolean reuse) {
    boolean v6 = address.getAddress() instanceof Inet6Address;
    int family = v6 ? SocketAddressCodec.AF_INET6 : SocketAddressCodec.AF_INET;
    Fd socket = socket(family, protocol);
    try (Frame frame = new Frame()) {
      if (reuse) {
        SocketOptions.set(socket, SocketOptions.SOL_SOCKET, SocketOptions.SO_REUSEADDR, 1);
      }
      if (v6) {
        SocketOptions.set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1);
      }
      byte[] bytes = SocketAddressCodec.encode(address);
      long place = frame.bytes(bytes);
      check(frame.syscall(BIND, socket.number(), place, bytes.length), "bind", protocol, address);
      return socket;
    } catch (RuntimeException failure) {
      socket.close();
      throw failure;
    }
  }

  /**
   * A socket that sends IPv4 packets whose headers the caller writes, and receives nothing. Needs
   * CAP_NET_RAW.
   *
   * @see <a href="https://man7.org/linux/man-pages/man7/raw.7.html">raw(7)</a>
   */
  public static Fd openRawSender() {
    try (Frame frame = new Frame()) {
      long type = SOCK_RAW | FileFlags.O_CLOEXEC | FileFlags.O_NONBLOCK;
      long result = frame.syscall(SOCKET, SocketAddressCodec.AF_INET, type, IPPROTO_RAW);
      return Fd.adopt((int) check(result, "socket", "raw"));
    }
  }

  /** Asks for buffers of a size, past the system's limit where the process may. */
  public static void buffers(Fd socket, int bytes) {
    SocketOptions.setBuffersForced(socket, bytes);
  }

  private static Fd socket(int family, Protocol protocol) {
    try (Frame frame = new Frame()) {
      long type = protocol.type | FileFlags.O_CLOEXEC | FileFlags.O_NONBLOCK;
      long result = frame.syscall(SOCKET, family, type, protocol.number);
      return Fd.adopt((int) check(result, "socket", protocol));
    }
  }

  /** Where a socket is bound. */
  public static InetSocketAddress localAddress(Fd socket) {
    try (Frame frame = new Frame()) {
      MemorySegment address = frame.allocate(SocketAddressCodec.LARGEST_BYTES);
      MemorySegment length = frame.allocate(4);
      Frame.buffer(length).putInt(SocketAddressCodec.LARGEST_BYTES);
      long result =
          frame.syscall(GETSOCKNAME, socket.number(), address.address(), length.address());
      check(result, "getsockname", socket);
      return SocketAddressCodec.decode(address.asByteBuffer());
    }
  }

  /** A connection that has come in, never waiting on reads; null when there is none. */
  public static @Nullable Fd accept(Fd listener) {
    try (Frame frame = new Frame()) {
      long flags = FileFlags.O_CLOEXEC | FileFlags.O_NONBLOCK;
      long result = frame.syscall(ACCEPT4, listener.number(), 0, 0, flags);
      return result == -Errno.EAGAIN.number()
          ? null
          : Fd.adopt((int) check(result, "accept4", listener));
    }
  }

  /**
   * A received datagram.
   *
   * @param length how many bytes of the buffer it fills
   * @param from who sent it
   */
  public record Datagram(int length, InetSocketAddress from) {}

  /** Receives a datagram without waiting; null when there is none. A longer one is cut. */
  public static @Nullable Datagram receive(Fd socket, byte[] into) {
    try (Frame frame = new Frame()) {
      MemorySegment content = frame.allocate(into.length);
      MemorySegment address = frame.allocate(SocketAddressCodec.LARGEST_BYTES);
      MemorySegment length = frame.allocate(4);
      Frame.buffer(length).putInt(SocketAddressCodec.LARGEST_BYTES);
      long result =
          frame.syscall(
              RECVFROM,
              socket.number(),
              content.address(),
              into.length,
              MSG_DONTWAIT,
              address.address(),
              length.address());
      if (result == -Errno.EAGAIN.number()) {
        return null;
      }
      int count = (int) check(result, "recvfrom", socket);
      content.asByteBuffer().get(into, 0, count);
      return new Datagram(count, SocketAddressCodec.decode(address.asByteBuffer()));
    }
  }

  /** Sends a datagram without waiting; EAGAIN when the kernel's buffer is full. */
  public static void send(Fd socket, byte[] content, int length, InetSocketAddress to) {
    byte[] address = SocketAddressCodec.encode(to);
    try (Frame frame = new Frame()) {
      long bytes = frame.bytes(content, 0, length);
      long place = frame.bytes(address);
      long flags = MSG_DONTWAIT | MSG_NOSIGNAL;
      check(
          frame.syscall(SENDTO, socket.number(), bytes, length, flags, place, address.length),
          "sendto",
          to);
    }
  }
}
