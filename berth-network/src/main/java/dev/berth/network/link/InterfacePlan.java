package dev.berth.network.link;

import java.util.List;
import java.util.Map;

/**
 * An interface to be made inside a container's namespace.
 *
 * @param source where it comes from
 * @param name its name inside
 * @param macAddress its MAC address, or empty for the kernel's choice
 * @param mtuBytes 0 for the kernel's default
 * @param addresses its addresses
 * @param ipv6 whether IPv6 is spoken on it
 * @param sysctls names with {@code IFNAME} for the interface, such as {@code
 *     net.ipv4.conf.IFNAME.log_martians}, to values
 */
public record InterfacePlan(
    LinkSource source,
    String name,
    String macAddress,
    int mtuBytes,
    List<InterfaceAddress> addresses,
    boolean ipv6,
    Map<String, String> sysctls) {
  /** Copies the collections. */
  public InterfacePlan {
    addresses = List.copyOf(addresses);
    sysctls = Map.copyOf(sysctls);
  }
}
