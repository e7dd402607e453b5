package dev.berth.network.firewall;

/**
 * One rule, in the words and the order in which {@code iptables-save} prints it.
 *
 * @param table filter, nat or raw
 * @param chain the chain's name
 * @param place where in the chain it stands relative to the others
 * @param spec everything after the chain's name
 */
record IptablesRule(String table, String chain, Place place, String spec) {

  /** The order in a chain. Rules of one place may stand in any order among themselves. */
  enum Place {
    /** Before everything else; inserted at the top. */
    HEAD,
    /** What a chain has from its creation. */
    BASE,
    /** After everything else; appended. */
    TAIL
  }

  /** The line which puts it there. */
  String insertion() {
    return (place == Place.HEAD ? "-I " : "-A ") + chain + " " + spec;
  }

  /** The line which takes it away. */
  String deletion() {
    return "-D " + chain + " " + spec;
  }

  /** The line by which {@code iptables-save} shows it. */
  String listing() {
    return "-A " + chain + " " + spec;
  }
}
