package dev.berth.network;

import java.util.List;

/**
 * An endpoint of an open sandbox; a text is empty and a number 0 where it has no such thing.
 *
 * @param id 64 hexadecimal digits
 * @param networkId the network's id
 * @param networkName the network's name
 * @param interfaceName its name inside the container, for instance {@code eth0}
 * @param hostInterface the other end's name on the host
 * @param macAddress as {@code 02:42:ac:11:00:02}
 * @param ipv4 IPv4 address
 * @param ipv6 IPv6 address
 * @param linkLocal further addresses with prefix length
 * @param dnsNames what the embedded DNS answers to; empty on the default bridge
 * @param spec what was asked
 */
public record EndpointStatus(
    String id,
    String networkId,
    String networkName,
    String interfaceName,
    String hostInterface,
    String macAddress,
    Address ipv4,
    Address ipv6,
    List<String> linkLocal,
    List<String> dnsNames,
    EndpointSpec spec) {

  /** Copies the lists. */
  public EndpointStatus {
    linkLocal = List.copyOf(linkLocal);
    dnsNames = List.copyOf(dnsNames);
  }

  /** The same with other DNS names. */
  public EndpointStatus withDnsNames(List<String> newNames) {
    return new EndpointStatus(
        id,
        networkId,
        networkName,
        interfaceName,
        hostInterface,
        macAddress,
        ipv4,
        ipv6,
        linkLocal,
        newNames,
        spec);
  }

  /** The same with a MAC address. */
  public EndpointStatus withMacAddress(String newMacAddress) {
    return new EndpointStatus(
        id,
        networkId,
        networkName,
        interfaceName,
        hostInterface,
        newMacAddress,
        ipv4,
        ipv6,
        linkLocal,
        dnsNames,
        spec);
  }

  /**
   * An address of one family.
   *
   * @param address or empty
   * @param prefixLength of its subnet
   * @param gateway of its subnet, or empty
   */
  public record Address(String address, int prefixLength, String gateway) {
    /** No address of this family. */
    public static final Address NONE = new Address("", 0, "");

    /** Whether there is an address. */
    public boolean present() {
      return !address.isEmpty();
    }

    /** With prefix length, or empty. */
    public String cidr() {
      return present() ? address + "/" + prefixLength : "";
    }
  }
}
