package dev.berth.plugin;

import dev.berth.core.EngineException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Where a plugin listens. */
public sealed interface PluginAddress {

  /** Opens a connection; an unresolved name, a missing socket and a refusal are IOExceptions. */
  SocketChannel connect() throws IOException;

  /**
   * Where on this host a path is that the plugin tells: the same, unless it has a root of its own.
   */
  default String hostPath(String path) {
    return path;
  }

  /**
   * Reads {@code unix:///path} or {@code tcp://host:port}.
   *
   * @throws EngineException INTERNAL for anything else
   */
  static PluginAddress parse(String text) {
    if (text.startsWith("unix://")) {
      return new Local(Path.of(text.substring("unix://".length())));
    }
    if (text.startsWith("tcp://")) {
      String rest = text.substring("tcp://".length());
      int colon = rest.lastIndexOf(':');
      try {
        return new Remote(rest.substring(0, colon), Integer.parseInt(rest.substring(colon + 1)));
      } catch (IndexOutOfBoundsException | NumberFormatException e) {
        throw EngineException.internal("invalid plugin address: " + text, e);
      }
    }
    throw EngineException.internal("invalid plugin address: " + text, null);
  }

  /**
   * A socket on this host.
   *
   * @param socket its path
   */
  record Local(Path socket) implements PluginAddress {
    @Override
    public SocketChannel connect() throws IOException {
      return connected(
          SocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(socket));
    }
  }

  /**
   * A socket of a plugin that runs with a root of its own.
   *
   * @param socket its path on this host
   * @param root of the plugin
   * @param sharedInside a directory of the plugin whose mounts this host sees, or empty
   * @param sharedOutside the same, on this host
   */
  record Contained(Path socket, Path root, String sharedInside, Path sharedOutside)
      implements PluginAddress {
    @Override
    public SocketChannel connect() throws IOException {
      return new Local(socket).connect();
    }

    @Override
    public String hostPath(String path) {
      Path told = Path.of("/").resolve(path).normalize();
      if (!sharedInside.isEmpty() && told.startsWith(sharedInside)) {
        return sharedOutside.resolve(Path.of(sharedInside).relativize(told)).normalize().toString();
      }
      return root.resolve(told.toString().substring(1)).toString();
    }
  }

  /**
   * A port.
   *
   * @param host a name or an address
   * @param port its number
   */
  record Remote(String host, int port) implements PluginAddress {
    @Override
    public SocketChannel connect() throws IOException {
      InetSocketAddress address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new IOException("lookup " + host + ": no such host");
      }
      return connected(SocketChannel.open(), address);
    }
  }

  private static SocketChannel connected(SocketChannel channel, SocketAddress address)
      throws IOException {
    try {
      channel.connect(address);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
