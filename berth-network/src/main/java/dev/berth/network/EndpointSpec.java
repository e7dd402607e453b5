package dev.berth.network;

import java.util.List;
import java.util.Map;

/**
 * A container's wish to be on a network; a text is empty where nothing was asked.
 *
 * @param network name or id
 * @param addresses static addresses
 * @param macAddress wanted MAC address
 * @param aliases further DNS names
 * @param links {@code name} or {@code name:alias}, resolved for this container only
 * @param driverOptions the driver's endpoint options
 * @param gatewayPriority the network with the highest gives the default route
 */
public record EndpointSpec(
    String network,
    StaticAddresses addresses,
    String macAddress,
    List<String> aliases,
    List<String> links,
    Map<String, String> driverOptions,
    int gatewayPriority) {

  /** Copies the collections. */
  public EndpointSpec {
    aliases = List.copyOf(aliases);
    links = List.copyOf(links);
    driverOptions = Map.copyOf(driverOptions);
  }

  /** On this network with all defaults. */
  public static EndpointSpec on(String network) {
    return new EndpointSpec(network, StaticAddresses.NONE, "", List.of(), List.of(), Map.of(), 0);
  }

  /** The same with aliases. */
  public EndpointSpec withAliases(String... newAliases) {
    return new EndpointSpec(
        network, addresses, macAddress, List.of(newAliases), links, driverOptions, gatewayPriority);
  }

  /** The same with static addresses. */
  public EndpointSpec withAddresses(StaticAddresses newAddresses) {
    return new EndpointSpec(
        network, newAddresses, macAddress, aliases, links, driverOptions, gatewayPriority);
  }

  /** The same with a MAC address. */
  public EndpointSpec withMacAddress(String newMacAddress) {
    return new EndpointSpec(
        network, addresses, newMacAddress, aliases, links, driverOptions, gatewayPriority);
  }

  /** The same with driver options. */
  public EndpointSpec withDriverOptions(Map<String, String> newOptions) {
    return new EndpointSpec(
        network, addresses, macAddress, aliases, links, newOptions, gatewayPriority);
  }

  /** The same with another gateway priority. */
  public EndpointSpec withGatewayPriority(int newPriority) {
    return new EndpointSpec(
        network, addresses, macAddress, aliases, links, driverOptions, newPriority);
  }

  /**
   * Static addresses, without prefix length.
   *
   * @param ipv4 or empty
   * @param ipv6 or empty
   * @param linkLocal further addresses of the interface
   */
  public record StaticAddresses(String ipv4, String ipv6, List<String> linkLocal) {
    /** All addresses dynamic. */
    public static final StaticAddresses NONE = new StaticAddresses("", "", List.of());

    /** Copies the list. */
    public StaticAddresses {
      linkLocal = List.copyOf(linkLocal);
    }
  }
}
