package dev.berth.daemon;

import dev.berth.server.Listener;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code --host}. */
final class Listeners {
  private static final int MAXIMUM_PORT = 65535;

  private Listeners() {}

  static List<Listener> of(Settings settings) {
    List<String> hosts = settings.list(Setting.HOST);
    String group = settings.text(Setting.GROUP, "");
    List<Listener> listeners = new ArrayList<>();
    for (String host : hosts.isEmpty() ? List.of(DaemonConfiguration.DEFAULT_HOST) : hosts) {
      listeners.add(listener(host, group));
    }
    return listeners;
  }

  private static Listener listener(String host, String group) {
    if (host.startsWith("unix://")) {
      return new Listener.Unix(Path.of(host.substring("unix://".length())), group);
    }
    if (host.startsWith("tcp://")) {
      return new Listener.Tcp(address(host, host.substring("tcp://".length())));
    }
    throw DaemonConfiguration.invalid(
        Setting.HOST,
        host,
        host.startsWith("fd://")
            ? "socket activation is not supported yet"
            : "it must start with unix:// or tcp://");
  }

  private static InetSocketAddress address(String host, String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon < 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAXIMUM_PORT) {
      throw DaemonConfiguration.invalid(
          Setting.HOST, host, "it needs a port, as in tcp://HOST:PORT");
    }
    String name = text.substring(0, colon).replaceAll("^\\[|]$", "");
    return new InetSocketAddress(name.isEmpty() ? "127.0.0.1" : name, Integer.parseInt(port));
  }
}
