package dev.berth.network.ports;

import dev.berth.network.firewall.Addresses;
import dev.berth.network.firewall.GatewayMode;
import dev.berth.network.firewall.IpFamily;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * On which host addresses a request is published and where each leads; the port number is not
 * chosen yet and is the same on all of them.
 *
 * @param request the user's wish
 * @param sides the addresses, IPv4 first; empty when there is nothing to publish
 */
record PortPlan(PortRequest request, List<Side> sides) {
  static final InetAddress ANY_IPV4 = Addresses.of(new byte[4]);
  static final InetAddress ANY_IPV6 = Addresses.of(new byte[16]);

  /** One host address and what it leads to. */
  record Side(InetAddress hostAddress, PortTarget target) {

    /** Whether the port is only opened on the container's own address. */
    boolean routed() {
      return target.mode() == GatewayMode.ROUTED;
    }
  }

  PortPlan {
    sides = List.copyOf(sides);
  }

  /**
   * Plans one request.
   *
   * @param host what the host offers
   */
  static PortPlan of(PortRequest request, PortTargets targets, HostAbilities host) {
    InetAddress address = request.hostAddress();
    List<Side> sides = new ArrayList<>();
    if (address != null) {
      addIfPresent(sides, side(address, targets, host));
      return new PortPlan(request, sides);
    }
    PortTarget ipv4 = targets.ipv4();
    InetAddress preferred = ipv4 == null ? null : ipv4.defaultHostAddress();
    addIfPresent(sides, side(preferred == null ? ANY_IPV4 : preferred, targets, host));
    // A network that keeps its ports on one IPv4 address means them to be there only.
    if (preferred == null || preferred.isAnyLocalAddress()) {
      addIfPresent(sides, side(ANY_IPV6, targets, host));
    }
    return new PortPlan(request, sides);
  }

  private static void addIfPresent(List<Side> sides, @Nullable Side side) {
    if (side != null) {
      sides.add(side);
    }
  }

  private static @Nullable Side side(InetAddress address, PortTargets targets, HostAbilities host) {
    boolean ipv6 = address instanceof Inet6Address;
    PortTarget same = targets.of(IpFamily.of(address));
    if (ipv6 && !host.ipv6()) {
      return null;
    }
    if (same != null) {
      return same.mode() == GatewayMode.ISOLATED ? null : new Side(address, same);
    }
    PortTarget ipv4 = targets.ipv4();
    if (!ipv6 || !host.proxy() || ipv4 == null || !ipv4.mode().translates()) {
      return null;
    }
    return new Side(address, ipv4);
  }

  /**
   * What the host offers to publish with.
   *
   * @param ipv6 whether it has IPv6 at all
   * @param proxy whether the engine may carry bytes itself ({@code --userland-proxy})
   */
  record HostAbilities(boolean ipv6, boolean proxy) {}
}
