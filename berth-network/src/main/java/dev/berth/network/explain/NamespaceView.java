package dev.berth.network.explain;

import dev.berth.network.firewall.Prefix;
import dev.berth.network.firewall.Protocol;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace as the kernel has it.
 *
 * @param interfaces its interfaces
 * @param routes the routes of its main table
 * @param listeners the sockets that wait for connections or datagrams
 * @param settings kernel parameters below {@code net} by name, such as {@code ipv4/ip_forward}
 */
public record NamespaceView(
    List<Interface> interfaces,
    List<Route> routes,
    List<Listener> listeners,
    Map<String, String> settings) {
  /** Nothing is known of it. */
  public static final NamespaceView EMPTY =
      new NamespaceView(List.of(), List.of(), List.of(), Map.of());

  /** Copies the collections. */
  public NamespaceView {
    interfaces = List.copyOf(interfaces);
    routes = List.copyOf(routes);
    listeners = List.copyOf(listeners);
    settings = Map.copyOf(settings);
  }

  /**
   * An interface.
   *
   * @param name its name
   * @param mtuBytes its MTU
   * @param up whether it is switched on
   * @param addresses its addresses with their prefix lengths
   */
  public record Interface(String name, int mtuBytes, boolean up, List<Prefix> addresses) {
    /** Copies the list. */
    public Interface {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * A route.
   *
   * @param destination where it leads
   * @param gateway the next hop, or null where the destination is on the link
   * @param interfaceName by which interface; empty for one that refuses
   * @param metric the smaller wins among equal destinations
   */
  public record Route(
      Prefix destination, @Nullable InetAddress gateway, String interfaceName, int metric) {
    /** As {@code ip route} prints it. */
    public String text() {
      return (destination.length() == 0 ? "default" : destination.toString())
          + (gateway == null ? "" : " via " + dev.berth.network.firewall.Addresses.text(gateway))
          + (interfaceName.isEmpty() ? " unreachable" : " dev " + interfaceName);
    }
  }

  /**
   * A socket that waits.
   *
   * @param protocol by which protocol
   * @param address where it is bound; a wildcard for everywhere
   * @param port its port
   */
  public record Listener(Protocol protocol, InetAddress address, int port) {
    /**
     * Whether a packet to an address gets to it. An IPv6 wildcard takes IPv4 too, as by default.
     */
    public boolean takes(InetAddress destination) {
      boolean sameFamily = address.getClass().equals(destination.getClass());
      boolean wildcard =
          address.isAnyLocalAddress() && (sameFamily || address.getAddress().length > 4);
      return wildcard || address.equals(destination);
    }
  }

  /** The route of a destination: the longest prefix, then the smallest metric. */
  public Optional<Route> route(InetAddress destination) {
    return routes.stream()
        .filter(route -> route.destination().contains(destination))
        .min(
            Comparator.comparingInt((Route route) -> -route.destination().length())
                .thenComparingInt(Route::metric));
  }

  /** Whether an address is one of its own. */
  public boolean owns(InetAddress address) {
    return address.isLoopbackAddress()
        || interfaces.stream()
            .flatMap(each -> each.addresses().stream())
            .anyMatch(own -> own.address().equals(address));
  }

  /** The interface of a name. */
  public Optional<Interface> find(String name) {
    return interfaces.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** The first address of an interface in one family. */
  public Optional<InetAddress> address(String interfaceName, boolean ipv6) {
    return find(interfaceName).stream()
        .flatMap(each -> each.addresses().stream())
        .filter(own -> own.ipv6() == ipv6)
        .map(Prefix::address)
        .findFirst();
  }

  /** The address by which it meets the world: that of the interface of the default route. */
  public Optional<InetAddress> mainAddress() {
    Optional<InetAddress> leading =
        routes.stream()
            .filter(route -> route.destination().length() == 0 && !route.destination().ipv6())
            .min(Comparator.comparingInt(Route::metric))
            .flatMap(route -> address(route.interfaceName(), false));
    return leading.or(() ->
        interfaces.stream()
            .flatMap(each -> each.addresses().stream())
            .map(Prefix::address)
            .filter(address -> !address.isLoopbackAddress() && address.getAddress().length == 4)
            .findFirst());
  }

  /** Whether a kernel parameter is known and zero. */
  public boolean isOff(String setting) {
    return "0".equals(settings.get(setting));
  }

  /** Whether a kernel parameter is known and one. */
  public boolean isOn(String setting) {
    return "1".equals(settings.get(setting));
  }
}
