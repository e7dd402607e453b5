package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.ipam.Cidr;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  /** The default bridge as the engine's settings want it. */
  static NetworkSpec bridge(NetworkSettings.DefaultBridge settings) {
    Map<String, String> options = new HashMap<>();
    String prefix = DriverOptions.DOCKER_NAMESPACE + "bridge.";
    options.put(prefix + "default_bridge", "true");
    options.put(prefix + "enable_icc", Boolean.toString(settings.icc()));
    options.put(prefix + "enable_ip_masquerade", Boolean.toString(settings.masquerade()));
    String binding = settings.hostBindingIp();
    options.put(prefix + "host_binding_ipv4", binding == null ? "0.0.0.0" : binding);
    options.put(prefix + "name", settings.name().isEmpty() ? DEFAULT_LINK : settings.name());
    int mtuBytes = settings.mtuBytes() == 0 ? DEFAULT_MTU : settings.mtuBytes();
    options.put(DriverOptions.DOCKER_NAMESPACE + "driver.mtu", Integer.toString(mtuBytes));
    List<IpamSpec.Config> configs = new java.util.ArrayList<>();
    if (!settings.bip().isEmpty()) {
      configs.add(config(settings.bip(), settings.fixedCidr(), "bip"));
    } else if (!settings.fixedCidr().isEmpty()) {
      configs.add(
          new IpamSpec.Config(
              block(settings.fixedCidr(), "fixed-cidr").block().toString(), "", "", Map.of()));
    }
    if (!settings.bip6().isEmpty()) {
      configs.add(config(settings.bip6(), settings.fixedCidr6(), "bip6"));
    } else if (!settings.fixedCidr6().isEmpty()) {
      configs.add(
          IpamSpec.Config.subnet(block(settings.fixedCidr6(), "fixed-cidr-v6").block().toString()));
    }
    NetworkSpec.Flags flags =
        new NetworkSpec.Flags(true, settings.ipv6(), false, false, false, false);
    return NetworkSpec.named(BRIDGE)
        .withDriver("bridge", options)
        .withFlags(flags)
        .withIpam(new IpamSpec("default", null, configs));
  }

  private static IpamSpec.Config config(String address, String range, String flag) {
    Cidr.Written written = block(address, flag);
    return new IpamSpec.Config(
        written.block().toString(), range, Addresses.text(written.address()), Map.of());
  }

  private static Cidr.Written block(String text, String flag) {
    return Cidr.parse(text)
        .orElseThrow(() -> EngineException.invalid("invalid CIDR address: " + flag + " " + text));
  }
}
