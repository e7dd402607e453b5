package dev.berth.network.link;

/** Where a container's interface comes from. */
public sealed interface LinkSource {
  /**
   * A pair of which the other end is a port of a bridge.
   *
   * @param bridge the bridge
   * @param hostName the name of the end on the host
   */
  record Veth(String bridge, String hostName) implements LinkSource {}

  /**
   * A macvlan interface.
   *
   * @param parent the interface it is on
   * @param mode how its siblings reach it
   */
  record Macvlan(String parent, MacvlanMode mode) implements LinkSource {}

  /**
   * An ipvlan interface.
   *
   * @param parent the interface it is on
   * @param mode on which layer it works
   * @param flag how its siblings reach it
   */
  record Ipvlan(String parent, IpvlanMode mode, IpvlanFlag flag) implements LinkSource {}

  /**
   * An interface that somebody else made on the host and that is moved.
   *
   * @param name its name on the host
   */
  record Existing(String name) implements LinkSource {}

  /** See the kernel's {@code MACVLAN_MODE_*}. */
  enum MacvlanMode {
    /** Siblings never reach each other. */
    PRIVATE,
    /** Siblings reach each other through the switch outside. */
    VEPA,
    /** Siblings reach each other directly. */
    BRIDGE,
    /** One sibling only, which takes the parent over. */
    PASSTHRU
  }

  /** See the kernel's {@code IPVLAN_MODE_*}. */
  enum IpvlanMode {
    /** Switches. */
    L2,
    /** Routes. */
    L3,
    /** Routes through the host's packet filter. */
    L3S
  }

  /** See the kernel's {@code IPVLAN_F_*}. */
  enum IpvlanFlag {
    /** Siblings reach each other directly. */
    BRIDGE,
    /** Siblings never reach each other. */
    PRIVATE,
    /** Siblings reach each other through the switch outside. */
    VEPA
  }
}
