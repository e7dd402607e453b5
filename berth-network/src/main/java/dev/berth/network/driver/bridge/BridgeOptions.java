package dev.berth.network.driver.bridge;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.network.DriverOptions;
import dev.berth.network.NetworkRecord;
import dev.berth.network.firewall.GatewayMode;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of a bridge network.
 *
 * @param bridgeName the kernel's name of the bridge
 * @param mtuBytes 0 for the kernel's default
 * @param icc whether containers may reach each other
 * @param masquerade whether packets leave with an address of the host
 * @param inhibitIpv4 whether the bridge itself gets no IPv4 address
 * @param ipv4 how IPv4 meets the world
 * @param ipv6 how IPv6 meets the world
 * @param trustedInterfaces host interfaces whose packets may reach containers directly
 * @param interfacePrefix what containers' interfaces are called
 */
record BridgeOptions(
    String bridgeName,
    int mtuBytes,
    boolean icc,
    boolean masquerade,
    boolean inhibitIpv4,
    Family ipv4,
    Family ipv6,
    List<String> trustedInterfaces,
    String interfacePrefix) {
  private static final String BRIDGE = DriverOptions.DOCKER_NAMESPACE + "bridge.";
  private static final String NAME = BRIDGE + "name";
  private static final String DEFAULT_BRIDGE = BRIDGE + "default_bridge";
  private static final String ICC = BRIDGE + "enable_icc";
  private static final String MASQUERADE = BRIDGE + "enable_ip_masquerade";
  private static final String HOST_BINDING = BRIDGE + "host_binding_ipv4";
  private static final String INHIBIT_IPV4 = BRIDGE + "inhibit_ipv4";
  private static final String TRUSTED = BRIDGE + "trusted_host_interfaces";
  private static final String MODE_IPV4 = BRIDGE + "gateway_mode_ipv4";
  private static final String MODE_IPV6 = BRIDGE + "gateway_mode_ipv6";
  private static final String MTU = DriverOptions.DOCKER_NAMESPACE + "driver.mtu";
  private static final String HOST_IPV4 = DriverOptions.DOCKER_NAMESPACE + "host_ipv4";
  private static final String HOST_IPV6 = DriverOptions.DOCKER_NAMESPACE + "host_ipv6";
  private static final String PREFIX = DriverOptions.DOCKER_NAMESPACE + "container_iface_prefix";

  /** RFC 8200, section 5; below it the kernel takes no IPv6 address. */
  private static final int LEAST_IPV6_MTU = 1280;

  private static final Set<String> KNOWN =
      Set.of(
          NAME,
          DEFAULT_BRIDGE,
          ICC,
          MASQUERADE,
          HOST_BINDING,
          INHIBIT_IPV4,
          TRUSTED,
          MODE_IPV4,
          MODE_IPV6,
          MTU,
          HOST_IPV4,
          HOST_IPV6,
          PREFIX);

  /**
   * One address family's options.
   *
   * @param mode how it meets the world
   * @param sourceAddress the address that packets leave with, or null for the interface's
   * @param defaultHostAddress where ports are published that name no address, or null
   */
  record Family(
      GatewayMode mode,
      @Nullable InetAddress sourceAddress,
      @Nullable InetAddress defaultHostAddress) {}

  /** Reads the options of a network. */
  static BridgeOptions of(NetworkRecord network) {
    DriverOptions options = new DriverOptions(network.options());
    options.refuseUnknown("bridge", KNOWN);
    options.flag(DEFAULT_BRIDGE, false);
    int mtuBytes = options.number(MTU, 0);
    if (mtuBytes < 0) {
      throw EngineException.invalid("invalid MTU number: " + mtuBytes);
    }
    if (network.ipv6() && mtuBytes > 0 && mtuBytes < LEAST_IPV6_MTU) {
      throw EngineException.invalid(
          "invalid MTU number: " + mtuBytes + " (IPv6 needs " + LEAST_IPV6_MTU + " at least)");
    }
    Family ipv4 =
        new Family(
            mode(options, MODE_IPV4),
            options.address(HOST_IPV4).orElse(null),
            specific(options.address(HOST_BINDING).orElse(null)));
    Family ipv6 =
        new Family(mode(options, MODE_IPV6), options.address(HOST_IPV6).orElse(null), null);
    refuseIsolatedOutside(network, ipv4, ipv6);
    String prefix = options.text(PREFIX);
    return new BridgeOptions(
        bridgeName(options, network.id()),
        mtuBytes,
        options.flag(ICC, true),
        options.flag(MASQUERADE, true),
        options.flag(INHIBIT_IPV4, false),
        ipv4,
        ipv6,
        trusted(options),
        prefix.isEmpty() ? "eth" : prefix);
  }

  private static void refuseIsolatedOutside(NetworkRecord network, Family ipv4, Family ipv6) {
    boolean isolated = ipv4.mode() == GatewayMode.ISOLATED || ipv6.mode() == GatewayMode.ISOLATED;
    if (isolated && !network.spec().flags().internal()) {
      throw EngineException.internal(
          "gateway mode 'isolated' can only be used for an internal network", null);
    }
  }

  private static String bridgeName(DriverOptions options, String id) {
    String asked = options.text(NAME);
    return asked.isEmpty() ? "br-" + Ids.shortId(id) : options.interfaceName(NAME, asked);
  }

  private static List<String> trusted(DriverOptions options) {
    return Arrays.stream(options.text(TRUSTED).split(":"))
        .filter(name -> !name.isEmpty())
        .map(name -> options.interfaceName(TRUSTED, name))
        .toList();
  }

  /** Everywhere is what no address means. */
  private static @Nullable InetAddress specific(@Nullable InetAddress address) {
    return address == null || address.isAnyLocalAddress() ? null : address;
  }

  private static GatewayMode mode(DriverOptions options, String key) {
    String value = options.text(key);
    return switch (value) {
      case "", "nat" -> GatewayMode.NAT;
      case "nat-unprotected" -> GatewayMode.NAT_UNPROTECTED;
      case "routed" -> GatewayMode.ROUTED;
      case "isolated" -> GatewayMode.ISOLATED;
      default -> throw DriverOptions.unreadable(key, value, "unknown gateway mode " + value);
    };
  }

  /** The options of one family. */
  Family family(boolean six) {
    return six ? ipv6 : ipv4;
  }
}
