package dev.berth.linux;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** struct sockaddr_in, sockaddr_in6 and sockaddr_un. */
final class SocketAddressCodec {
  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int LARGEST_BYTES = 128;
  static final int UNIX_PATH_BYTES = 108;
  private static final int IPV4_BYTES = 16;
  private static final int IPV6_BYTES = 28;

  private SocketAddressCodec() {}

  static byte[] encode(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    boolean v4 = host instanceof Inet4Address;
    ByteBuffer out = ByteBuffer.allocate(v4 ? IPV4_BYTES : IPV6_BYTES);
    out.order(ByteOrder.nativeOrder()).putShort((short) (v4 ? AF_INET : AF_INET6));
    out.order(ByteOrder.BIG_ENDIAN).putShort((short) address.getPort());
    if (host instanceof Inet6Address v6) {
      out.putInt(0).put(v6.getAddress());
      out.order(ByteOrder.nativeOrder()).putInt(v6.getScopeId());
    } else {
      out.put(host.getAddress());
    }
    return out.array();
  }

  static InetSocketAddress decode(ByteBuffer in) {
    int family = in.order(ByteOrder.nativeOrder()).getShort(0);
    int port = in.order(ByteOrder.BIG_ENDIAN).getShort(2) & 0xFFFF;
    byte[] bytes = new byte[family == AF_INET ? 4 : 16];
    in.get(family == AF_INET ? 4 : 8, bytes);
    try {
      return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** A path of at most 107 bytes, or, with a leading at sign, an abstract name. */
  static byte[] encodeUnix(String path) {
    byte[] name = KernelStrings.encode(path);
    boolean isAbstract = path.startsWith("@");
    if (name.length > UNIX_PATH_BYTES - 1) {
      throw new LinuxException(Errno.ENAMETOOLONG, "sockaddr_un", path);
    }
    ByteBuffer out = ByteBuffer.allocate(2 + name.length + (isAbstract ? 0 : 1));
    out.order(ByteOrder.nativeOrder()).putShort((short) AF_UNIX).put(name);
    if (isAbstract) {
      out.put(2, (byte) 0);
    }
    return out.array();
  }
}
