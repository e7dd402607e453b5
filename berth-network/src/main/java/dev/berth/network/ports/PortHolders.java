package dev.berth.network.ports;

import dev.berth.core.EngineException;
import dev.berth.linux.LinuxException;
import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.firewall.Protocol;
import dev.berth.network.firewall.PublishedPort;
import dev.berth.network.ports.PortPlan.Side;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bound sockets of all published ports. A socket on the IPv6 wildcard holds the IPv4 wildcard
 * too, so both may belong to one socket. Not safe for use by several threads.
 */
final class PortHolders implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PortHolders.class.getName());
  private static final int FORGOTTEN_PORTS = 32;

  private final HostNamespace host;
  private final SctpPorts sctp;
  private final boolean proxy;
  private final Map<Place, Holder> holders = new HashMap<>();
  private @Nullable UdpProxy udpProxy;

  /** Where a socket is bound; the address is null for a wildcard. */
  private record Place(Protocol protocol, int port, @Nullable InetAddress address) {}

  /** A socket and the host addresses for which it is needed. */
  private record Holder(HeldPort socket, Set<InetAddress> addresses) {}

  /**
   * @param proxy whether what reaches the sockets is carried to the containers
   */
  PortHolders(HostNamespace host, boolean proxy) {
    this.host = host;
    this.sctp = new SctpPorts(host);
    this.proxy = proxy;
  }

  /**
   * Holds one port number on all these addresses, or on none.
   *
   * @throws IOException when it is in use
   */
  void hold(Protocol protocol, int port, int containerPort, List<Side> sides) throws IOException {
    if (protocol == Protocol.SCTP) {
      sctp.hold(port, sides);
      return;
    }
    int done = 0;
    try {
      // The IPv6 wildcard comes last and would take the IPv4 wildcard's place: begin with it.
      for (Side side : sides.reversed()) {
        holdOne(protocol, port, containerPort, side);
        done++;
      }
    } catch (IOException e) {
      sides
          .reversed()
          .subList(0, done)
          .forEach(side -> release(protocol, port, side.hostAddress()));
      throw e;
    }
  }

  private void holdOne(Protocol protocol, int port, int containerPort, Side side)
      throws IOException {
    InetAddress address = side.hostAddress();
    Place place = place(protocol, port, address);
    Holder holder = holders.get(place);
    if (holder == null) {
      holder = bind(place, address, new HashSet<>());
    } else if (address instanceof Inet6Address && !holder.socket.dual()) {
      holder = widen(place, holder);
    }
    holder.addresses.add(address);
    holder.socket.lead(address, new InetSocketAddress(side.target().address(), containerPort));
  }

  private Holder bind(Place place, InetAddress address, Set<InetAddress> addresses)
      throws IOException {
    HeldPort socket = HeldPort.bind(host, place.protocol(), address, place.port());
    Holder holder = new Holder(socket, addresses);
    holders.put(place, holder);
    if (proxy) {
      serve(socket);
    }
    return holder;
  }

  /** Replaces a socket on the IPv4 wildcard by one for both families. */
  private Holder widen(Place place, Holder narrow) throws IOException {
    InetSocketAddress target = narrow.socket.target(PortPlan.ANY_IPV4);
    free(narrow.socket);
    try {
      Holder wide = bind(place, PortPlan.ANY_IPV6, narrow.addresses);
      wide.socket.lead(PortPlan.ANY_IPV4, target);
      return wide;
    } catch (IOException e) {
      bind(place, PortPlan.ANY_IPV4, narrow.addresses).socket.lead(PortPlan.ANY_IPV4, target);
      throw e;
    }
  }

  private void serve(HeldPort socket) throws IOException {
    switch (socket.channel()) {
      case ServerSocketChannel server ->
          socket.acceptedBy(
              Thread.ofVirtual().name("berth-proxy").start(new TcpProxy(server, socket)));
      case DatagramChannel datagrams -> {
        if (udpProxy == null) {
          udpProxy = UdpProxy.start();
        }
        udpProxy.carry(datagrams, socket);
      }
      default -> throw new IllegalStateException("unknown channel");
    }
  }

  /** Closes a socket so that its port is free at once. */
  private void free(HeldPort socket) {
    if (socket.channel() instanceof DatagramChannel datagrams && udpProxy != null) {
      try {
        udpProxy.release(datagrams);
      } catch (IOException e) {
        throw EngineException.internal("cannot give a port back", e);
      }
    } else {
      socket.close();
    }
  }

  /** Lets go of a port on one address. */
  void release(Protocol protocol, int port, InetAddress address) {
    if (protocol == Protocol.SCTP) {
      sctp.release(port, address);
      return;
    }
    Place place = place(protocol, port, address);
    Holder holder = holders.get(place);
    if (holder == null || !holder.addresses.remove(address)) {
      return;
    }
    holder.socket.lead(address, null);
    if (holder.addresses.isEmpty()) {
      holders.remove(place);
      free(holder.socket);
    }
  }

  /**
   * Makes UDP traffic that goes on meet the changed translation: what went to the container, and
   * what went to the port before it was published. For very many ports the latter is left to time.
   */
  void forgetUdp(List<PublishedPort> changed) {
    Map<InetAddress, List<Integer>> byContainer = new HashMap<>();
    for (PublishedPort port : changed) {
      if (port.protocol() == Protocol.UDP) {
        List<Integer> ports =
            byContainer.computeIfAbsent(port.containerAddress(), address -> new ArrayList<>());
        for (int i = 0; i < port.count() && ports.size() < FORGOTTEN_PORTS; i++) {
          ports.add(port.hostPort() + i);
        }
      }
    }
    byContainer.forEach((container, ports) -> {
      try {
        host.forgetUdp(container, ports);
      } catch (LinuxException e) {
        LOG.log(System.Logger.Level.INFO, "old UDP traffic is not forgotten: {0}", e.getMessage());
      }
    });
  }

  private static Place place(Protocol protocol, int port, InetAddress address) {
    return new Place(protocol, port, address.isAnyLocalAddress() ? null : address);
  }

  @Override
  public void close() {
    holders.values().forEach(holder -> holder.socket.close());
    holders.clear();
    sctp.close();
    if (udpProxy != null) {
      try {
        udpProxy.close();
      } catch (IOException e) {
        throw EngineException.internal("cannot stop the proxy", new UncheckedIOException(e));
      }
    }
  }
}
