package dev.berth.network.link;

import java.util.List;

/** A link that the engine keeps in its own namespace. */
public sealed interface HostLink {
  /** Its name. */
  String name();

  /**
   * A bridge.
   *
   * @param name its name
   * @param macAddress its own address, kept whatever ports it gets
   * @param mtuBytes 0 for the kernel's default
   * @param addresses the gateway's addresses
   * @param ipv6 whether IPv6 is spoken on it
   */
  record Bridge(
      String name, String macAddress, int mtuBytes, List<InterfaceAddress> addresses, boolean ipv6)
      implements HostLink {
    /** Copies the list. */
    public Bridge {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * An interface that leads nowhere: the parent of an internal macvlan or ipvlan network.
   *
   * @param name its name
   */
  record Dummy(String name) implements HostLink {}

  /**
   * A sub-interface for tagged frames.
   *
   * @param name its name
   * @param parent the interface it is on
   * @param vlanId 1 to 4094
   */
  record Vlan(String name, String parent, int vlanId) implements HostLink {}
}
