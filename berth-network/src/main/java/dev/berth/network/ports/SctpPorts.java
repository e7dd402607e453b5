package dev.berth.network.ports;

import dev.berth.linux.Fd;
import dev.berth.linux.InternetSockets;
import dev.berth.linux.LinuxException;
import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.ports.PortPlan.Side;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Published ports of SCTP. The packet filter translates what is for them; a socket for each keeps
 * other programs from the port and turns away whoever gets past the packet filter. Not safe for use
 * by several threads.
 */
final class SctpPorts implements AutoCloseable {
  private final HostNamespace host;
  private final Map<InetSocketAddress, Fd> sockets = new HashMap<>();

  SctpPorts(HostNamespace host) {
    this.host = host;
  }

  /**
   * Holds a port on all these addresses, or on none.
   *
   * @throws IOException when it is in use
   */
  void hold(int port, List<Side> sides) throws IOException {
    int done = 0;
    try {
      for (Side side : sides) {
        InetSocketAddress place = new InetSocketAddress(side.hostAddress(), port);
        sockets.put(
            place, host.call(() -> InternetSockets.reserve(InternetSockets.Protocol.SCTP, place)));
        done++;
      }
    } catch (LinuxException failure) {
      sides.subList(0, done).forEach(side -> release(port, side.hostAddress()));
      throw new IOException(failure.errno().text(), failure);
    }
  }

  /** Lets go of a port on one address. */
  void release(int port, InetAddress address) {
    Fd socket = sockets.remove(new InetSocketAddress(address, port));
    if (socket != null) {
      socket.close();
    }
  }

  @Override
  public void close() {
    sockets.values().forEach(Fd::close);
    sockets.clear();
  }
}
