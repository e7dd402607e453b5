package dev.berth.network.ports;

import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.firewall.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A port of the host that no other process can take, because a socket of the engine is bound to it.
 * What the packet filter does not translate arrives at the socket: connections to ::1, from IPv6 to
 * a container without it, and everything when the packet filter is switched off.
 *
 * <p>The Java platform binds the IPv6 wildcard for both families. That is welcome where both are
 * published; where only IPv6 is, visitors by IPv4 are turned away.
 */
final class HeldPort implements AutoCloseable {
  private static final int BACKLOG = 128;
  private static final Duration LAST_ACCEPT = Duration.ofSeconds(1);

  private final HostNamespace host;
  private final SelectableChannel channel;
  private final boolean dual;
  private @Nullable InetSocketAddress ipv4Target;
  private @Nullable InetSocketAddress ipv6Target;
  private volatile @Nullable Thread acceptor;

  private HeldPort(HostNamespace host, SelectableChannel channel, boolean dual) {
    this.host = host;
    this.channel = channel;
    this.dual = dual;
  }

  /**
   * Binds a socket.
   *
   * @throws IOException when the port is in use
   */
  static HeldPort bind(HostNamespace host, Protocol protocol, InetAddress address, int port)
      throws IOException {
    boolean ipv6 = address instanceof Inet6Address;
    ProtocolFamily family = ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    InetSocketAddress local = new InetSocketAddress(address, port);
    SelectableChannel channel =
        host.call(() ->
            protocol == Protocol.TCP
                ? ServerSocketChannel.open(family)
                : DatagramChannel.open(family));
    try {
      if (channel instanceof ServerSocketChannel server) {
        // Connections that ended lately do not keep the port; another listener still does.
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(local, BACKLOG);
      } else {
        ((DatagramChannel) channel).bind(local);
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new HeldPort(host, channel, ipv6 && address.isAnyLocalAddress());
  }

  /** Whether the socket also holds the port for IPv4. */
  boolean dual() {
    return dual;
  }

  /** Says where visitors of one family are carried to. */
  synchronized void lead(InetAddress visitorsOf, @Nullable InetSocketAddress target) {
    if (visitorsOf instanceof Inet6Address) {
      ipv6Target = target;
    } else {
      ipv4Target = target;
    }
  }

  /** Where a visitor is carried to; null when it is to be turned away. */
  synchronized @Nullable InetSocketAddress target(InetAddress visitor) {
    return visitor instanceof Inet6Address ? ipv6Target : ipv4Target;
  }

  /** Opens a channel on the host. */
  <T extends Channel> T open(Callable<T> opening) {
    return host.call(opening);
  }

  /** The bound socket. */
  SelectableChannel channel() {
    return channel;
  }

  /** Says which thread waits for visitors. */
  void acceptedBy(Thread thread) {
    acceptor = thread;
  }

  /** Gives the port back; it is free when this returns. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // The platform keeps the socket bound until a virtual thread has left its accept.
    Thread waiting = acceptor;
    if (waiting != null) {
      try {
        waiting.join(LAST_ACCEPT);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
