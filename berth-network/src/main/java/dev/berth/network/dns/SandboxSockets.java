package dev.berth.network.dns;

import dev.berth.core.EngineException;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Namespaces;
import dev.berth.linux.NetfilterBatch;
import dev.berth.linux.NetfilterSocket;
import dev.berth.linux.RuleExpressions;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * The sockets of the name server inside of one sandbox. They are on ports of the kernel's choice,
 * and a rule inside of the namespace leads port 53 of 127.0.0.11 to them, so that a container may
 * serve port 53 itself. Where the kernel takes no rule, they are on port 53 themselves.
 */
final class SandboxSockets implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SandboxSockets.class.getName());
  private static final Inet4Address ADDRESS = Inet4Address.ofLiteral("127.0.0.11");
  private static final int DNS_PORT = 53;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final String TABLE = "berth-dns";
  private static final String CHAIN = "output";
  private static final int RECEIVE_BUFFER_BYTES = 1 << 18;

  private final Fd namespace;
  private final DatagramChannel udp;
  private final ServerSocketChannel tcp;

  private SandboxSockets(Fd namespace, DatagramChannel udp, ServerSocketChannel tcp) {
    this.namespace = namespace;
    this.udp = udp;
    this.tcp = tcp;
  }

  /** Opens the sockets and puts the rule in place; whatever an earlier engine left is replaced. */
  static SandboxSockets open(Path path) {
    Fd namespace = Namespaces.open(path);
    try {
      return Namespaces.inNetwork(namespace, () -> openHere(namespace));
    } catch (RuntimeException e) {
      namespace.close();
      throw EngineException.internal("cannot start the name server in " + path, e);
    }
  }

  private static SandboxSockets openHere(Fd namespace) throws IOException {
    SandboxSockets sockets = bind(namespace, 0);
    try (NetfilterSocket netfilter = NetfilterSocket.open()) {
      install(netfilter, sockets);
      return sockets;
    } catch (LinuxException e) {
      LOG.log(
          System.Logger.Level.INFO,
          "no rule for the name server, using port 53: {0}",
          e.getMessage());
      sockets.closeChannels();
      return bind(namespace, DNS_PORT);
    }
  }

  /** Removing makes the kernel wait for its readers, so it is done only where a table is. */
  private static void install(NetfilterSocket netfilter, SandboxSockets sockets)
      throws IOException {
    try {
      netfilter.commit(rules(new NetfilterBatch(), sockets));
    } catch (LinuxException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      NetfilterBatch replacement =
          new NetfilterBatch().deleteTable(NetfilterBatch.FAMILY_IP, TABLE);
      netfilter.commit(rules(replacement, sockets));
    }
  }

  private static SandboxSockets bind(Fd namespace, int port) throws IOException {
    DatagramChannel udp = DatagramChannel.open(StandardProtocolFamily.INET);
    try {
      udp.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
      udp.bind(new InetSocketAddress(ADDRESS, port)).configureBlocking(false);
      ServerSocketChannel tcp = ServerSocketChannel.open(StandardProtocolFamily.INET);
      try {
        tcp.bind(new InetSocketAddress(ADDRESS, port)).configureBlocking(false);
        return new SandboxSockets(namespace, udp, tcp);
      } catch (IOException e) {
        tcp.close();
        throw e;
      }
    } catch (IOException e) {
      udp.close();
      throw e;
    }
  }

  /**
   * The table as the kernel takes it. The library that reads nft's text waits by select(2), which
   * ends the process at the 1024th descriptor; there are a few of them for each container.
   */
  private static NetfilterBatch rules(NetfilterBatch batch, SandboxSockets sockets)
      throws IOException {
    int udpPort = ((InetSocketAddress) sockets.udp.getLocalAddress()).getPort();
    int tcpPort = ((InetSocketAddress) sockets.tcp.getLocalAddress()).getPort();
    return batch
        .createTable(NetfilterBatch.FAMILY_IP, TABLE)
        .createOutputNatChain(NetfilterBatch.FAMILY_IP, TABLE, CHAIN)
        .appendRule(NetfilterBatch.FAMILY_IP, TABLE, CHAIN, redirect(UDP, udpPort))
        .appendRule(NetfilterBatch.FAMILY_IP, TABLE, CHAIN, redirect(TCP, tcpPort));
  }

  private static RuleExpressions redirect(int protocol, int port) {
    return RuleExpressions.begin()
        .destination(ADDRESS)
        .protocol(protocol)
        .destinationPort(DNS_PORT)
        .destinationNat(ADDRESS, port);
  }

  DatagramChannel udp() {
    return udp;
  }

  ServerSocketChannel tcp() {
    return tcp;
  }

  /** A UDP channel of the sandbox, to ask others. */
  DatagramChannel openUdp() {
    return Namespaces.inNetwork(namespace, DatagramChannel::open);
  }

  /** A TCP channel of the sandbox, to ask others. */
  SocketChannel openTcp() {
    return Namespaces.inNetwork(namespace, SocketChannel::open);
  }

  private void closeChannels() throws IOException {
    try (udp) {
      tcp.close();
    }
  }

  @Override
  public void close() {
    try {
      closeChannels();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot close", e);
    } finally {
      namespace.close();
    }
  }
}
