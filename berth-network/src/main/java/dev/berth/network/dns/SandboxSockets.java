package dev.berth.network.dns;

import dev.berth.core.EngineException;
import dev.berth.linux.DatagramBatch;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.InternetSockets;
import dev.berth.linux.InternetSockets.Protocol;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Namespaces;
import dev.berth.linux.NetfilterBatch;
import dev.berth.linux.NetfilterSocket;
import dev.berth.linux.RuleExpressions;
import dev.berth.linux.SocketRedirection;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of the name server inside of one sandbox. They are on ports of the kernel's choice,
 * so that a container may serve port 53 itself; see {@link Way} for how questions reach them.
 */
final class SandboxSockets implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SandboxSockets.class.getName());
  private static final Inet4Address ADDRESS = Inet4Address.ofLiteral("127.0.0.11");
  private static final int DNS_PORT = 53;
  private static final long SERVER = 0x7f00000bL << 16 | DNS_PORT;
  private static final String TABLE = "berth-dns";
  private static final String CHAIN = "output";
  private static final int BUFFER_BYTES = 1 << 18;

  /** How what is sent to port 53 of 127.0.0.11 gets to the sockets. */
  enum Way {
    /** The kernel's look-up of sockets is redirected: no rule, no tracked connection. */
    REDIRECTION,
    /** A rule inside of the namespace translates the port. */
    TRANSLATION,
    /** The sockets are on port 53, which the container then cannot serve on all addresses. */
    PORT
  }

  /** All ways, the best one first. */
  static final List<Way> WAYS = List.of(Way.values());

  private final Fd namespace;
  private final Fd udp;
  private final Fd tcp;
  private final @Nullable Fd answering;
  private final @Nullable SocketRedirection redirection;

  private SandboxSockets(
      Fd namespace,
      Fd udp,
      Fd tcp,
      @Nullable Fd answering,
      @Nullable SocketRedirection redirection) {
    this.namespace = namespace;
    this.udp = udp;
    this.tcp = tcp;
    this.answering = answering;
    this.redirection = redirection;
  }

  /**
   * Opens the sockets; what an earlier engine left is replaced.
   *
   * @param ways to try, in this order
   */
  static SandboxSockets open(Path path, List<Way> ways) {
    Fd namespace = Namespaces.open(path);
    try {
      return Namespaces.inNetwork(namespace, () -> openHere(namespace, ways));
    } catch (RuntimeException e) {
      namespace.close();
      throw EngineException.internal("cannot start the name server in " + path, e);
    }
  }

  private static SandboxSockets openHere(Fd namespace, List<Way> ways) {
    LinuxException last = null;
    for (Way way : ways) {
      try {
        return open(namespace, way);
      } catch (LinuxException e) {
        LOG.log(System.Logger.Level.DEBUG, "no name server by way of " + way, e);
        last = e;
      }
    }
    throw last == null ? new IllegalArgumentException("no way") : last;
  }

  private static SandboxSockets open(Fd namespace, Way way) {
    Deque<Fd> opened = new ArrayDeque<>();
    try {
      InetSocketAddress place = new InetSocketAddress(ADDRESS, way == Way.PORT ? DNS_PORT : 0);
      Fd udp = kept(opened, InternetSockets.bind(Protocol.UDP, place));
      InternetSockets.buffers(udp, BUFFER_BYTES);
      Fd tcp = kept(opened, InternetSockets.bind(Protocol.TCP, place));
      if (way == Way.TRANSLATION) {
        translate(udp, tcp);
      }
      if (way != Way.REDIRECTION) {
        return new SandboxSockets(namespace, udp, tcp, null, null);
      }
      Fd answering = kept(opened, InternetSockets.openRawSender());
      InternetSockets.buffers(answering, BUFFER_BYTES);
      removeTranslation();
      SocketRedirection redirection = SocketRedirection.attach(ADDRESS, DNS_PORT, udp, tcp);
      return new SandboxSockets(namespace, udp, tcp, answering, redirection);
    } catch (LinuxException e) {
      opened.forEach(Fd::close);
      throw e;
    }
  }

  private static Fd kept(Deque<Fd> opened, Fd socket) {
    opened.push(socket);
    return socket;
  }

  /** Removing makes the kernel wait for its readers, so it is done only where a table is. */
  private static void translate(Fd udp, Fd tcp) {
    try (NetfilterSocket netfilter = NetfilterSocket.open()) {
      try {
        netfilter.commit(rules(new NetfilterBatch(), udp, tcp));
      } catch (LinuxException e) {
        if (!e.is(Errno.EEXIST)) {
          throw e;
        }
        netfilter.commit(rules(withoutTable(), udp, tcp));
      }
    }
  }

  /** Rules of an engine that had no other way would come first. */
  private static void removeTranslation() {
    try (NetfilterSocket netfilter = NetfilterSocket.open()) {
      netfilter.commit(withoutTable());
    } catch (LinuxException e) {
      LOG.log(System.Logger.Level.TRACE, "no earlier rules", e);
    }
  }

  private static NetfilterBatch withoutTable() {
    return new NetfilterBatch().deleteTable(NetfilterBatch.FAMILY_IP, TABLE);
  }

  /**
   * The table as the kernel takes it. The library that reads nft's text waits by select(2), which
   * ends the process at the 1024th descriptor; there are a few of them for each container.
   */
  private static NetfilterBatch rules(NetfilterBatch batch, Fd udp, Fd tcp) {
    return batch
        .createTable(NetfilterBatch.FAMILY_IP, TABLE)
        .createOutputNatChain(NetfilterBatch.FAMILY_IP, TABLE, CHAIN)
        .appendRule(NetfilterBatch.FAMILY_IP, TABLE, CHAIN, redirect(Protocol.UDP, udp))
        .appendRule(NetfilterBatch.FAMILY_IP, TABLE, CHAIN, redirect(Protocol.TCP, tcp));
  }

  private static RuleExpressions redirect(Protocol protocol, Fd socket) {
    return RuleExpressions.begin()
        .destination(ADDRESS)
        .protocol(protocol.number())
        .destinationPort(DNS_PORT)
        .destinationNat(ADDRESS, InternetSockets.localAddress(socket).getPort());
  }

  Fd udp() {
    return udp;
  }

  Fd tcp() {
    return tcp;
  }

  /** Sends the answers in the batch, as coming from 127.0.0.11:53. */
  void send(DatagramBatch answers) {
    if (answering == null) {
      answers.send(udp);
    } else {
      answers.sendAs(answering, SERVER);
    }
  }

  /** The network namespace, open once more. */
  Fd namespace() {
    return namespace.duplicate();
  }

  @Override
  public void close() {
    if (redirection != null) {
      redirection.close();
    }
    if (answering != null) {
      answering.close();
    }
    udp.close();
    tcp.close();
    namespace.close();
  }
}
