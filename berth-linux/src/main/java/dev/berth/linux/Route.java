package dev.berth.linux;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A route.
 *
 * @param family AF_INET 2 or AF_INET6 10
 * @param destination network it leads to; null with prefix length 0 for the default route
 * @param prefixLength how many bits are the network
 * @param gateway next hop; null for none
 * @param index interface it goes out by; 0 to let the kernel find it from the gateway
 * @param metric the smaller wins; 0 for the kernel's default
 * @param table the table, 254 is main
 * @param scope RT_SCOPE_ number: 0 universe, 253 link
 * @param type RTN_ number: 1 unicast, 6 blackhole, 7 unreachable
 * @param preferredSource source address of packets sent by it; null for the kernel's choice
 * @param protocol who made it: 2 kernel, 3 boot, 4 static
 * @param onLink whether the gateway is taken to be a neighbour though no address says so
 */
public record Route(
    int family,
    @Nullable InetAddress destination,
    int prefixLength,
    @Nullable InetAddress gateway,
    int index,
    int metric,
    int table,
    int scope,
    int type,
    @Nullable InetAddress preferredSource,
    int protocol,
    boolean onLink) {
  /** The main table. */
  public static final int TABLE_MAIN = 254;

  static final int RTPROT_STATIC = 4;
  static final int RTN_UNICAST = 1;
  static final int RTNH_F_ONLINK = 4;
  private static final int RT_SCOPE_LINK = 253;
  private static final int HEADER_BYTES = 12;

  /** The default route by a gateway. */
  public static Route byDefault(InetAddress gateway, int index) {
    return new Route(
        Addresses.family(gateway),
        null,
        0,
        gateway,
        index,
        0,
        TABLE_MAIN,
        0,
        RTN_UNICAST,
        null,
        RTPROT_STATIC,
        false);
  }

  /** A network by a gateway, or directly reached when there is none. */
  public static Route to(
      InetAddress destination, int prefixLength, @Nullable InetAddress gateway, int index) {
    return new Route(
        Addresses.family(destination),
        destination,
        prefixLength,
        gateway,
        index,
        0,
        TABLE_MAIN,
        gateway == null ? RT_SCOPE_LINK : 0,
        RTN_UNICAST,
        null,
        RTPROT_STATIC,
        false);
  }

  /** The same with another metric. */
  public Route withMetric(int other) {
    return new Route(
        family,
        destination,
        prefixLength,
        gateway,
        index,
        other,
        table,
        scope,
        type,
        preferredSource,
        protocol,
        onLink);
  }

  /** Whether it is a default route. */
  public boolean isDefault() {
    return prefixLength == 0;
  }

  static Route decode(ByteBuffer payload) {
    NetlinkAttributes attributes =
        NetlinkAttributes.parse(payload.duplicate().order(payload.order()).position(HEADER_BYTES));
    Optional<InetAddress> destination = attributes.address(Routes.RTA_DST);
    return new Route(
        payload.get(0) & 0xFF,
        destination.orElse(null),
        payload.get(1) & 0xFF,
        attributes.address(Routes.RTA_GATEWAY).orElse(null),
        attributes.int32(Routes.RTA_OIF, 0),
        attributes.int32(Routes.RTA_PRIORITY, 0),
        attributes.int32(Routes.RTA_TABLE, payload.get(4) & 0xFF),
        payload.get(6) & 0xFF,
        payload.get(7) & 0xFF,
        attributes.address(Routes.RTA_PREFSRC).orElse(null),
        payload.get(5) & 0xFF,
        (payload.getInt(8) & RTNH_F_ONLINK) != 0);
  }

  @Override
  public String toString() {
    return (destination == null ? "default" : destination.getHostAddress() + "/" + prefixLength)
        + (gateway == null ? "" : " via " + gateway.getHostAddress())
        + (index == 0 ? "" : " dev " + index);
  }
}
