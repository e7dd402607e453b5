package dev.berth.network.explain;

import dev.berth.network.explain.ProbeResult.Outcome;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.firewall.Protocol;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tries to connect, from inside a namespace. One connection is opened and closed at once; or one
 * datagram of one byte is sent.
 */
public final class Prober {
  private static final Duration PATIENCE = Duration.ofMillis(1500);
  private static final Duration PATIENCE_FOR_REFUSAL = Duration.ofMillis(300);

  private final NamespaceReader namespaces;

  /**
   * @param namespaces enters them
   */
  public Prober(NamespaceReader namespaces) {
    this.namespaces = namespaces;
  }

  /**
   * Tries once.
   *
   * @param namespace from where; null for the host's
   * @param address to which address
   * @param port to which port
   * @param protocol by which protocol; SCTP is not tried
   */
  public ProbeResult probe(
      @Nullable Path namespace, InetAddress address, int port, Protocol protocol) {
    InetSocketAddress target = new InetSocketAddress(address, port);
    long start = System.nanoTime();
    Outcome outcome =
        switch (protocol) {
          case TCP -> namespaces.inside(namespace, () -> connect(target));
          case UDP -> namespaces.inside(namespace, () -> send(target));
          case SCTP -> Outcome.NOT_MADE;
        };
    long took = Duration.ofNanos(System.nanoTime() - start).toMillis();
    return new ProbeResult(outcome, Addresses.hostText(address) + ":" + port, took);
  }

  private static StandardProtocolFamily family(InetSocketAddress target) {
    return target.getAddress() instanceof Inet6Address
        ? StandardProtocolFamily.INET6
        : StandardProtocolFamily.INET;
  }

  private static Outcome connect(InetSocketAddress target) {
    try (SocketChannel channel = SocketChannel.open(family(target))) {
      channel.socket().connect(target, (int) PATIENCE.toMillis());
      return Outcome.CONNECTED;
    } catch (IOException failure) {
      return outcome(failure);
    }
  }

  private static Outcome send(InetSocketAddress target) {
    try (DatagramChannel channel = DatagramChannel.open(family(target))) {
      channel.connect(target);
      channel.write(ByteBuffer.allocate(1));
      channel.socket().setSoTimeout((int) PATIENCE_FOR_REFUSAL.toMillis());
      channel.socket().receive(new java.net.DatagramPacket(new byte[1], 1));
      return Outcome.CONNECTED;
    } catch (SocketTimeoutException quiet) {
      return Outcome.SENT;
    } catch (IOException failure) {
      return outcome(failure);
    }
  }

  private static Outcome outcome(IOException failure) {
    String said = String.valueOf(failure.getMessage());
    return switch (failure) {
      case SocketTimeoutException late -> Outcome.SILENT;
      case PortUnreachableException refused -> Outcome.REFUSED;
      case NoRouteToHostException nowhere -> Outcome.UNREACHABLE;
      case ConnectException refused ->
          said.contains("refused")
              ? Outcome.REFUSED
              : said.contains("timed out") ? Outcome.SILENT : Outcome.UNREACHABLE;
      default -> Outcome.UNREACHABLE;
    };
  }
}
