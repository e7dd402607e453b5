package dev.berth.network;

import dev.berth.network.firewall.GatewayMode;
import dev.berth.network.ipam.Cidr;
import dev.berth.network.link.LinkSource;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint appears inside a container's namespace.
 *
 * @param link where the interface comes from, or null for none
 * @param namePrefix the interface's name without its number, usually {@code eth}
 * @param mtuBytes 0 for the kernel's default
 * @param ipv4 the way out for IPv4
 * @param ipv6 the way out for IPv6
 * @param routes further routes
 * @param inside what the driver has put into the namespace itself, or null where the engine makes
 *     the interface from the link
 * @param wantsGateway whether somebody else has to be the way out where no network is
 */
public record JoinAnswer(
    @Nullable LinkSource link,
    String namePrefix,
    int mtuBytes,
    Exit ipv4,
    Exit ipv6,
    List<StaticRoute> routes,
    @Nullable Inside inside,
    boolean wantsGateway) {
  /** Copies the list. */
  public JoinAnswer {
    routes = List.copyOf(routes);
  }

  /** An interface that the engine makes. */
  public JoinAnswer(
      @Nullable LinkSource link,
      String namePrefix,
      int mtuBytes,
      Exit ipv4,
      Exit ipv6,
      List<StaticRoute> routes) {
    this(link, namePrefix, mtuBytes, ipv4, ipv6, routes, null, false);
  }

  /** No interface at all, as on the networks host and none. */
  public static final JoinAnswer NOTHING =
      new JoinAnswer(null, "eth", 0, Exit.NONE, Exit.NONE, List.of());

  /**
   * The way out of a network for one address family.
   *
   * @param gateway the next hop for everything else, or null
   * @param onLink whether everything else is reached without a next hop
   * @param publishing how ports are published, or null where they are not
   */
  public record Exit(
      @Nullable InetAddress gateway, boolean onLink, @Nullable Publishing publishing) {
    /** No way out. */
    public static final Exit NONE = new Exit(null, false, null);

    /** Whether there is one. */
    public boolean exists() {
      return gateway != null || onLink;
    }
  }

  /**
   * How ports are published.
   *
   * @param mode how the network meets the world
   * @param defaultHostAddress where a port goes that names no address, or null for everywhere
   */
  public record Publishing(GatewayMode mode, @Nullable InetAddress defaultHostAddress) {}

  /**
   * An interface with addresses and routes that is there already.
   *
   * @param interfaceName its name
   * @param addresses what it has
   * @param dns resolver settings that come with the network
   * @param ports what the driver has published itself
   */
  public record Inside(
      String interfaceName,
      EndpointAddresses addresses,
      NetworkSettings.DnsSettings dns,
      List<SandboxStatus.PortMapping> ports) {
    /** Copies the list. */
    public Inside {
      ports = List.copyOf(ports);
    }
  }

  /**
   * A route that the network brings along.
   *
   * @param destination where it leads
   * @param nextHop or null where the destination is on the link
   */
  public record StaticRoute(Cidr destination, @Nullable InetAddress nextHop) {}
}
