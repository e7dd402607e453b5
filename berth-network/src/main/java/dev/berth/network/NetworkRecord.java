package dev.berth.network;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network as it is persisted: the user's wish, and what the engine decided about it.
 *
 * @param id 64 hexadecimal digits
 * @param created when
 * @param spec as the user gave it; what a config-only network adds is only in the fields below
 * @param driver the driver's name
 * @param scope {@code local}, {@code swarm} or {@code global}
 * @param ipv4 whether endpoints get IPv4 addresses
 * @param ipv6 whether endpoints get IPv6 addresses
 * @param options the driver's options in effect, as {@code inspect} shows them
 * @param labels the labels in effect
 * @param ipam the address management in effect; its driver is never empty
 * @param pools the subnets in effect, IPv4 first
 * @param driverState what the driver has to remember, for instance which links it made
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
    Map<String, String> labels,
    IpamSpec ipam,
    List<Pool> pools,
    Map<String, String> driverState,
    boolean predefined) {

  /** Copies the collections. */
  public NetworkRecord {
    options = Map.copyOf(options);
    labels = Map.copyOf(labels);
    pools = List.copyOf(pools);
    driverState = Map.copyOf(driverState);
  }

  /** The same with its subnets. */
  public NetworkRecord withPools(List<Pool> newPools) {
    return new NetworkRecord(
        id,
        created,
        spec,
        driver,
        scope,
        ipv4,
        ipv6,
        options,
        labels,
        ipam,
        newPools,
        driverState,
        predefined);
  }

  /** The same in another scope. */
  public NetworkRecord withScope(String newScope) {
    return new NetworkRecord(
        id,
        created,
        spec,
        driver,
        newScope,
        ipv4,
        ipv6,
        options,
        labels,
        ipam,
        pools,
        driverState,
        predefined);
  }

  /** The same as one of those that are always there. */
  public NetworkRecord asPredefined() {
    return new NetworkRecord(
        id,
        created,
        spec,
        driver,
        scope,
        ipv4,
        ipv6,
        options,
        labels,
        ipam,
        pools,
        driverState,
        true);
  }

  /** The same with what the driver remembers. */
  public NetworkRecord withDriverState(Map<String, String> newState) {
    return new NetworkRecord(
        id,
        created,
        spec,
        driver,
        scope,
        ipv4,
        ipv6,
        options,
        labels,
        ipam,
        pools,
        newState,
        predefined);
  }

  /**
   * The subnets as {@code inspect} shows them: those that the user gave, IPv4 first and also of a
   * family that is off, then those that the engine chose.
   */
  public List<IpamSpec.Config> shownIpam() {
    List<IpamSpec.Config> shown = new ArrayList<>();
    for (boolean six : new boolean[] {false, true}) {
      List<IpamSpec.Config> given = given(six);
      boolean off = six ? !ipv6 : !ipv4;
      shown.addAll(off ? given : shown(six, false));
    }
    shown.addAll(shown(false, true));
    shown.addAll(shown(true, true));
    return List.copyOf(shown);
  }

  private List<IpamSpec.Config> given(boolean six) {
    return ipam.configs().stream()
        .filter(config -> !config.subnet().isEmpty() && config.subnet().contains(":") == six)
        .toList();
  }

  private List<IpamSpec.Config> shown(boolean six, boolean automatic) {
    return pools.stream()
        .filter(pool -> pool.ipv6() == six && pool.automatic() == automatic)
        .map(Pool::config)
        .toList();
  }

  /** The first subnet of a family. */
  public Optional<Pool> firstPool(boolean six) {
    return pools.stream().filter(pool -> pool.ipv6() == six).findFirst();
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

    /** As {@code inspect} shows it. */
    IpamSpec.Config config() {
      return new IpamSpec.Config(subnet, ipRange, gateway, auxiliaryAddresses);
    }

    /** Whether it is an IPv6 subnet. */
    public boolean ipv6() {
      return subnet.indexOf(':') >= 0;
    }
  }
}
