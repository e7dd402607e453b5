package dev.berth.network.ports;

import dev.berth.network.firewall.IpFamily;
import org.jspecify.annotations.Nullable;

/**
 * Where a container's published ports lead, by family.
 *
 * @param ipv4 null when the container has no IPv4 gateway
 * @param ipv6 null when the container has no IPv6 gateway
 */
public record PortTargets(@Nullable PortTarget ipv4, @Nullable PortTarget ipv6) {

  /** The target of one family; null when there is none. */
  public @Nullable PortTarget of(IpFamily family) {
    return family == IpFamily.IPV4 ? ipv4 : ipv6;
  }
}
