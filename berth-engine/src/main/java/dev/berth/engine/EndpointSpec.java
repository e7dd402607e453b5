package dev.berth.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user asked of a container's endpoint on one network.
 *
 * @param addresses fixed addresses, or null
 * @param links {@code container:alias}, on user-defined networks
 * @param aliases further names
 * @param macAddress empty for a generated one
 * @param driverOptions of the network driver
 * @param gatewayPriority the highest one gets the default route
 */
public record EndpointSpec(
    @Nullable Addresses addresses,
    @Nullable List<String> links,
    @Nullable List<String> aliases,
    String macAddress,
    @Nullable Map<String, String> driverOptions,
    int gatewayPriority) {

  /** Nothing particular. */
  public static final EndpointSpec EMPTY = new EndpointSpec(null, null, null, "", null, 0);

  /**
   * Fixed addresses.
   *
   * @param ipv4 empty for an automatic one
   * @param ipv6 empty for an automatic one
   * @param linkLocal further link-local addresses
   */
  public record Addresses(String ipv4, String ipv6, @Nullable List<String> linkLocal) {}
}
