package dev.berth.network;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network as it is persisted: the user's wish, and what the engine decided about it.
 *
 * @param id 64 hexadecimal digits
 * @param created when
 * @param spec as the user gave it; with {@code configFrom} the settings taken over are in {@code
 *     driver}, {@code options} and {@code pools}
 * @param driver the driver's name
 * @param scope {@code local}, {@code swarm} or {@code global}
 * @param ipv4 whether endpoints get IPv4 addresses
 * @param ipv6 whether endpoints get IPv6 addresses
 * @param options the driver's options in effect, as {@code inspect} shows them
 * @param ipamDriver the address manager's name
 * @param ipamOptions null where the client sent none
 * @param pools the subnets in effect, in the order {@code inspect} shows them
 * @param predefined whether it is one of bridge, host and none
 */
public record NetworkRecord(
    String id,
    Instant created,
    NetworkSpec spec,
    String driver,
    String scope,
    boolean ipv4,
    boolean ipv6,
    Map<String, String> options,
    String ipamDriver,
    @Nullable Map<String, String> ipamOptions,
    List<Pool> pools,
    boolean predefined) {

  /** Copies the collections. */
  public NetworkRecord {
    options = Map.copyOf(options);
    ipamOptions = ipamOptions == null ? null : Map.copyOf(ipamOptions);
    pools = List.copyOf(pools);
  }

  /** The name. */
  public String name() {
    return spec.name();
  }

  /**
   * One subnet of a network.
   *
   * @param subnet in CIDR notation, as {@code inspect} shows it
   * @param ipRange in CIDR notation, or empty
   * @param gateway the gateway's address, or empty where there is none
   * @param auxiliaryAddresses names to addresses that are not handed out
   * @param automatic whether the subnet was chosen by the engine
   */
  public record Pool(
      String subnet,
      String ipRange,
      String gateway,
      Map<String, String> auxiliaryAddresses,
      boolean automatic) {
    /** Copies the map. */
    public Pool {
      auxiliaryAddresses = Map.copyOf(auxiliaryAddresses);
    }

    /** Whether it is an IPv6 subnet. */
    public boolean ipv6() {
      return subnet.indexOf(':') >= 0;
    }
  }
}
