package dev.berth.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Where the server takes connections. */
public sealed interface Listener {

  /**
   * A unix socket. A file left by a server that no longer answers is replaced; one that answers is
   * not.
   *
   * @param path of the socket
   * @param group the group that may connect, by name; empty to leave the group alone
   */
  record Unix(Path path, String group) implements Listener {
    @Override
    public String toString() {
      return "unix://" + path;
    }
  }

  /**
   * A TCP address, without encryption.
   *
   * @param address port 0 picks a free one
   */
  record Tcp(InetSocketAddress address) implements Listener {
    @Override
    public String toString() {
      return "tcp://" + address.getHostString() + ":" + address.getPort();
    }
  }
}
