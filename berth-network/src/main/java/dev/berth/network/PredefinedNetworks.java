package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.ipam.Cidr;
import dev.berth.network.link.InterfaceAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The networks that are always there. */
final class PredefinedNetworks {
  static final String BRIDGE = "bridge";
  static final String HOST = "host";
  static final String NONE = "none";
  private static final Set<String> NAMES = Set.of(BRIDGE, HOST, NONE, "default");
  private static final String DEFAULT_LINK = "docker0";
  private static final int DEFAULT_MTU = 1500;

  private PredefinedNetworks() {}

  /** Whether a name is not the user's to give. */
  static boolean isPredefined(String name) {
    return NAMES.contains(name);
  }

  /** Refuses such a name. */
  static void refuse(String name) {
    if (isPredefined(name)) {
      throw EngineException.forbidden(
          "operation is not permitted on predefined " + name + " network ");
    }
  }

  static NetworkSpec host() {
    return NetworkSpec.named(HOST).withDriver("host", Map.of());
  }

  static NetworkSpec none() {
    return NetworkSpec.named(NONE).withDriver("null", Map.of());
  }

  /** The kernel's name of the default bridge. */
  static String bridgeLink(NetworkSettings.DefaultBridge settings) {
    return settings.name().isEmpty() ? DEFAULT_LINK : settings.name();
  }

  /**
   * The default bridge as the engine's settings want it.
   *
   * @param present addresses of a link that is there and somebody else's: it keeps its subnets
   */
  static NetworkSpec bridge(
      NetworkSettings.DefaultBridge settings, List<InterfaceAddress> present) {
    List<IpamSpec.Config> configs = new ArrayList<>();
    pool(Wish.ipv4(settings), present).ifPresent(configs::add);
    if (settings.ipv6()) {
      pool(Wish.ipv6(settings), present).ifPresent(configs::add);
    }
    NetworkSpec.Flags flags =
        new NetworkSpec.Flags(true, settings.ipv6(), false, false, false, false);
    return NetworkSpec.named(BRIDGE)
        .withDriver("bridge", options(settings))
        .withFlags(flags)
        .withIpam(new IpamSpec("default", null, configs));
  }

  private static Map<String, String> options(NetworkSettings.DefaultBridge settings) {
    String prefix = DriverOptions.DOCKER_NAMESPACE + "bridge.";
    String binding = settings.hostBindingIp();
    int mtuBytes = settings.mtuBytes() == 0 ? DEFAULT_MTU : settings.mtuBytes();
    return Map.of(
        prefix + "default_bridge",
        "true",
        prefix + "enable_icc",
        Boolean.toString(settings.icc()),
        prefix + "enable_ip_masquerade",
        Boolean.toString(settings.masquerade()),
        prefix + "host_binding_ipv4",
        binding == null ? "0.0.0.0" : binding,
        prefix + "name",
        bridgeLink(settings),
        DriverOptions.DOCKER_NAMESPACE + "driver.mtu",
        Integer.toString(mtuBytes));
  }

  /** What the settings say about one family; a text is empty where they say nothing. */
  private record Wish(
      boolean six, String address, String addressFlag, String range, String gateway) {
    private static Wish ipv4(NetworkSettings.DefaultBridge settings) {
      return new Wish(false, settings.bip(), "bip", settings.fixedCidr(), settings.gateway());
    }

    private static Wish ipv6(NetworkSettings.DefaultBridge settings) {
      return new Wish(true, settings.bip6(), "bip6", settings.fixedCidr6(), settings.gateway6());
    }

    private String rangeFlag() {
      return six ? "fixed-cidr-v6" : "fixed-cidr";
    }

    private Map<String, String> auxiliary() {
      return gateway.isEmpty()
          ? Map.of()
          : Map.of(six ? "DefaultGatewayIPv6" : "DefaultGatewayIPv4", gateway);
    }
  }

  /** The subnet is that of the bridge's address, else the range, else one that the engine finds. */
  private static Optional<IpamSpec.Config> pool(Wish wish, List<InterfaceAddress> present) {
    Cidr range = wish.range().isEmpty() ? null : block(wish.range(), wish.rangeFlag()).block();
    String shownRange = range == null ? "" : range.toString();
    Optional<Cidr.Written> address =
        wish.address().isEmpty()
            ? present(present, wish.six(), range)
            : Optional.of(block(wish.address(), wish.addressFlag()));
    if (address.isPresent()) {
      String own = Addresses.text(address.get().address());
      return Optional.of(
          new IpamSpec.Config(address.get().block().toString(), shownRange, own, wish.auxiliary()));
    }
    return range == null && wish.gateway().isEmpty()
        ? Optional.empty()
        : Optional.of(new IpamSpec.Config(shownRange, shownRange, "", wish.auxiliary()));
  }

  /** Of several addresses the one whose subnet the range is of. */
  private static Optional<Cidr.Written> present(
      List<InterfaceAddress> present, boolean six, @Nullable Cidr range) {
    List<Cidr.Written> candidates =
        present.stream()
            .map(address ->
                new Cidr.Written(
                    address.address(), new Cidr(address.address(), address.prefixLength())))
            .filter(address -> address.block().ipv6() == six)
            .toList();
    return candidates.stream()
        .filter(address -> range == null || address.block().contains(range))
        .findFirst();
  }

  private static Cidr.Written block(String text, String flag) {
    return Cidr.parse(text)
        .orElseThrow(() -> EngineException.invalid("invalid CIDR address: " + flag + " " + text));
  }
}
