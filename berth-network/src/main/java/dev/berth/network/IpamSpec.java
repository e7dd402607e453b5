package dev.berth.network;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network's address management as the user asked for it.
 *
 * @param driver empty means {@code default}
 * @param options null where the client sent none: {@code inspect} tells the difference
 * @param configs the subnets, in the user's order
 */
public record IpamSpec(String driver, @Nullable Map<String, String> options, List<Config> configs) {
  /** The default driver and automatic subnets. */
  public static final IpamSpec DEFAULT = new IpamSpec("", null, List.of());

  /** Copies the collections. */
  public IpamSpec {
    options = options == null ? null : Map.copyOf(options);
    configs = List.copyOf(configs);
  }

  /** The default driver with these subnets. */
  public static IpamSpec of(Config... configs) {
    return new IpamSpec("", null, List.of(configs));
  }

  /**
   * One subnet; a text is empty where the user gave none.
   *
   * @param subnet in CIDR notation
   * @param ipRange the part of the subnet that dynamic addresses come from
   * @param gateway the address of the gateway
   * @param auxiliaryAddresses names to addresses that are not handed out
   */
  public record Config(
      String subnet, String ipRange, String gateway, Map<String, String> auxiliaryAddresses) {
    /** Copies the map. */
    public Config {
      auxiliaryAddresses = Map.copyOf(auxiliaryAddresses);
    }

    /** A subnet with nothing else said. */
    public static Config subnet(String subnet) {
      return new Config(subnet, "", "", Map.of());
    }
  }
}
