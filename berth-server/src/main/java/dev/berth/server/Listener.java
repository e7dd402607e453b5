package dev.berth.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the server takes connections. */
public sealed interface Listener {

  /**
   * A unix socket. A file left by a server that no longer answers is replaced; one that answers is
   * not.
   *
   * @param path of the socket
   * @param group that may connect
   */
  record Unix(Path path, SocketGroup group) implements Listener {
    @Override
    public String toString() {
      return "unix://" + path;
    }
  }

  /**
   * A TCP address.
   *
   * @param address port 0 picks a free one
   * @param tls how it is encrypted; null for not at all
   */
  record Tcp(InetSocketAddress address, @Nullable TlsSettings tls) implements Listener {
    @Override
    public String toString() {
      String host = address.getHostString();
      return "tcp://"
          + (host.indexOf(':') < 0 ? host : "[" + host + "]")
          + ":"
          + address.getPort();
    }
  }

  /**
   * A socket that listens already, made by the service manager, which also removes it.
   *
   * @param descriptor its number in this process; not blocking, and owned by the server from its
   *     start on
   * @param local whether it is a unix socket
   * @param tls how it is encrypted; null for not at all
   */
  record Inherited(int descriptor, boolean local, @Nullable TlsSettings tls) implements Listener {
    @Override
    public String toString() {
      return "fd://" + descriptor;
    }
  }

  /**
   * Who may connect to a unix socket beside its owner.
   *
   * @param name of the group, or its number; empty to leave the group alone
   * @param required whether it is an error when there is no such group; only worth a warning
   *     otherwise
   */
  record SocketGroup(String name, boolean required) {
    /** Nobody but the owner's own group. */
    public static final SocketGroup NONE = new SocketGroup("", false);
  }
}
