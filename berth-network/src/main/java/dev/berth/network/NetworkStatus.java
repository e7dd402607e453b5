package dev.berth.network;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * A network as {@code inspect} shows it.
 *
 * @param network what is persisted
 * @param attachments container id to its endpoint, in the order of the ids
 * @param usage figures of each subnet, in the order of the pools
 */
public record NetworkStatus(
    NetworkRecord network, Map<String, Attachment> attachments, List<PoolUsage> usage) {
  /** Copies the collections. */
  public NetworkStatus {
    attachments = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(attachments));
    usage = List.copyOf(usage);
  }

  /**
   * A running container's endpoint.
   *
   * @param containerName without a leading slash
   * @param endpointId 64 hexadecimal digits
   * @param macAddress empty where the driver has none
   * @param ipv4Address with prefix length, or empty
   * @param ipv6Address with prefix length, or empty
   */
  public record Attachment(
      String containerName,
      String endpointId,
      String macAddress,
      String ipv4Address,
      String ipv6Address) {}

  /**
   * How full a subnet is.
   *
   * @param subnet in CIDR notation
   * @param inUse addresses handed out or set apart, the network and broadcast address included
   * @param dynamicAvailable addresses that can still be handed out without being asked for by name
   */
  public record PoolUsage(String subnet, BigInteger inUse, BigInteger dynamicAvailable) {}
}
