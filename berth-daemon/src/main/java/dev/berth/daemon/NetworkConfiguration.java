package dev.berth.daemon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.core.EngineException;
import dev.berth.network.NetworkSettings;
import dev.berth.network.dns.DnsSettings;
import dev.berth.network.firewall.FirewallSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the settings of networks and of the packet filter. */
final class NetworkConfiguration {
  private static final JsonMapper JSON = new JsonMapper();

  private NetworkConfiguration() {}

  static NetworkSettings of(Settings settings) {
    return new NetworkSettings(
        Path.of(settings.text(Setting.EXEC_ROOT, DaemonConfiguration.DEFAULT_EXEC_ROOT))
            .toAbsolutePath()
            .normalize(),
        bridge(settings),
        pools(settings),
        defaultOptions(settings),
        new NetworkSettings.DnsSettings(
            settings.list(Setting.DNS),
            settings.list(Setting.DNS_SEARCH),
            settings.list(Setting.DNS_OPT)),
        settings.flag(Setting.IP_FORWARD, true),
        settings.list(Setting.HOST_GATEWAY_IP));
  }

  /** How long clients may keep the names of containers. */
  static Duration nameTtl(Settings settings) {
    int usual = (int) DnsSettings.defaults().ownTtl().toSeconds();
    int seconds = settings.number(Setting.DNS_TTL, usual);
    if (seconds < 0 || seconds > DnsSettings.LONGEST_TTL_SECONDS) {
      throw DaemonConfiguration.invalid(
          Setting.DNS_TTL,
          Integer.toString(seconds),
          "it must be a number of seconds up to " + DnsSettings.LONGEST_TTL_SECONDS);
    }
    return Duration.ofSeconds(seconds);
  }

  static FirewallSettings firewall(Settings settings) {
    return new FirewallSettings(
        settings.flag(Setting.IPTABLES, true),
        settings.flag(Setting.IP6TABLES, true),
        settings.flag(Setting.IP_FORWARD, true)
            && !settings.flag(Setting.IP_FORWARD_NO_DROP, false),
        settings.flag(Setting.ALLOW_DIRECT_ROUTING, false),
        settings.flag(Setting.PORTS_OBEY_INPUT, false));
  }

  private static NetworkSettings.DefaultBridge bridge(Settings settings) {
    String name = settings.text(Setting.BRIDGE, "");
    boolean enabled = !name.equals("none");
    if (!name.isEmpty() && settings.isSet(Setting.BIP)) {
      throw DaemonConfiguration.invalid(
          Setting.BIP, settings.text(Setting.BIP, ""), "--bridge and --bip are mutually exclusive");
    }
    int mtu = settings.number(Setting.MTU, 0);
    if (mtu < 0 || mtu > 65535) {
      throw DaemonConfiguration.invalid(
          Setting.MTU, Integer.toString(mtu), "it must be between 0 and 65535");
    }
    return new NetworkSettings.DefaultBridge(
        enabled,
        enabled ? name : "",
        settings.text(Setting.BIP, ""),
        settings.text(Setting.BIP6, ""),
        settings.text(Setting.FIXED_CIDR, ""),
        settings.text(Setting.FIXED_CIDR_V6, ""),
        settings.text(Setting.DEFAULT_GATEWAY, ""),
        settings.text(Setting.DEFAULT_GATEWAY_V6, ""),
        settings.flag(Setting.IPV6, false),
        mtu,
        settings.flag(Setting.ICC, true),
        settings.flag(Setting.IP_MASQ, true),
        settings.text(Setting.IP).orElse(null));
  }

  /** {@code driver=key=value} on the command line, {@code driver={"key":"value"}} of the file. */
  private static Map<String, Map<String, String>> defaultOptions(Settings settings) {
    Map<String, Map<String, String>> options = new TreeMap<>();
    for (String text : settings.list(Setting.DEFAULT_NETWORK_OPT)) {
      int equals = text.indexOf('=');
      String driver = text.substring(0, equals);
      String rest = text.substring(equals + 1);
      Map<String, String> ofDriver = options.computeIfAbsent(driver, name -> new TreeMap<>());
      if (rest.startsWith("{")) {
        ofDriver.putAll(stringMap(text, rest));
      } else if (rest.contains("=")) {
        int second = rest.indexOf('=');
        ofDriver.put(rest.substring(0, second), rest.substring(second + 1));
      } else {
        throw EngineException.invalid(
            ("invalid argument \"%s\" for \"--default-network-opt\" flag: invalid value \"%s\""
                    + " for map option, should be root-key=key=value")
                .formatted(text, text));
      }
    }
    return options;
  }

  private static Map<String, String> stringMap(String text, String json) {
    try {
      return JSON.readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException malformed) {
      throw DaemonConfiguration.invalid(
          Setting.DEFAULT_NETWORK_OPT, text, "it must be an object of strings");
    }
  }

  private static List<NetworkSettings.AddressPool> pools(Settings settings) {
    List<NetworkSettings.AddressPool> pools = new ArrayList<>();
    for (String text : settings.list(Setting.DEFAULT_ADDRESS_POOL)) {
      String base = "";
      String size = "";
      for (String part : text.split(",", -1)) {
        base = part.startsWith("base=") ? part.substring("base=".length()) : base;
        size = part.startsWith("size=") ? part.substring("size=".length()) : size;
      }
      if (base.isEmpty() || !size.matches("[0-9]{1,3}")) {
        throw DaemonConfiguration.invalid(
            Setting.DEFAULT_ADDRESS_POOL, text, "it must be base=CIDR,size=PREFIX");
      }
      pools.add(new NetworkSettings.AddressPool(base, Integer.parseInt(size)));
    }
    return pools;
  }
}
