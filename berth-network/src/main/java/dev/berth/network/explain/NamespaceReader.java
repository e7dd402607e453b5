package dev.berth.network.explain;

import dev.berth.linux.Fd;
import dev.berth.linux.Link;
import dev.berth.linux.LinkAddress;
import dev.berth.linux.Namespaces;
import dev.berth.linux.RouteSocket;
import dev.berth.network.explain.NamespaceView.Interface;
import dev.berth.network.explain.NamespaceView.Listener;
import dev.berth.network.explain.NamespaceView.Route;
import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.firewall.Prefix;
import dev.berth.network.firewall.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Looks into network namespaces, and tries things in them. Safe for use by any thread. */
public final class NamespaceReader {
  private static final Path SOCKETS = Path.of("/proc/thread-self/net");
  private static final Path SETTINGS = Path.of("/proc/sys/net");
  private static final int UNICAST = 1;

  private static final List<String> SETTING_NAMES =
      List.of(
          "ipv4/ip_forward",
          "ipv6/conf/all/forwarding",
          "bridge/bridge-nf-call-iptables",
          "bridge/bridge-nf-call-ip6tables");

  private final HostNamespace host;

  /**
   * @param host the namespace that plays the host
   */
  public NamespaceReader(HostNamespace host) {
    this.host = host;
  }

  /**
   * Runs a body on a thread inside a namespace.
   *
   * @param namespace the pinned namespace, or null for the host's
   */
  <T extends @Nullable Object> T inside(@Nullable Path namespace, Callable<T> body) {
    if (namespace == null) {
      return Namespaces.call(() -> host.call(body));
    }
    try (Fd open = Namespaces.open(namespace)) {
      return Namespaces.inNetwork(open, body);
    }
  }

  /**
   * What a namespace holds now.
   *
   * @param namespace the pinned namespace, or null for the host's
   */
  public NamespaceView read(@Nullable Path namespace) {
    return inside(namespace, NamespaceReader::readHere);
  }

  private static NamespaceView readHere() {
    try (RouteSocket socket = RouteSocket.open()) {
      List<Link> links = socket.links();
      Map<Integer, String> names = new HashMap<>();
      links.forEach(link -> names.put(link.index(), link.name()));
      return new NamespaceView(
          interfaces(links, socket.addresses()), routes(socket, names), listeners(), settings());
    }
  }

  private static List<Interface> interfaces(List<Link> links, List<LinkAddress> addresses) {
    return links.stream()
        .map(link ->
            new Interface(
                link.name(),
                link.mtuBytes(),
                link.isUp(),
                addresses.stream()
                    .filter(address -> address.index() == link.index())
                    .map(address -> new Prefix(address.address(), address.prefixLength()))
                    .toList()))
        .toList();
  }

  private static List<Route> routes(RouteSocket socket, Map<Integer, String> names) {
    List<Route> routes = new ArrayList<>();
    for (dev.berth.linux.Route route : socket.mainRoutes()) {
      InetAddress anywhere = InetAddress.ofLiteral(route.family() == 2 ? "0.0.0.0" : "::");
      InetAddress destination = route.destination();
      boolean leads = route.type() == UNICAST;
      routes.add(
          new Route(
              new Prefix(destination == null ? anywhere : destination, route.prefixLength()),
              route.gateway(),
              leads ? names.getOrDefault(route.index(), "") : "",
              route.metric()));
    }
    return routes;
  }

  private static List<Listener> listeners() {
    List<Listener> listeners = new ArrayList<>();
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
      for (String suffix : List.of("", "6")) {
        listeners.addAll(
            SocketTable.read(protocol, text(SOCKETS.resolve(protocol.text() + suffix))));
      }
    }
    return listeners;
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    for (String name : SETTING_NAMES) {
      String value = text(SETTINGS.resolve(name)).strip();
      if (!value.isEmpty()) {
        settings.put(name, value);
      }
    }
    return settings;
  }

  /** Empty for a file that this kernel does not have. */
  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException missing) {
      return "";
    }
  }
}
