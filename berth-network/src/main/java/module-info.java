/** Networks, endpoints, sandboxes, IPAM, DNS, firewall and ports. */
module dev.berth.network {
  requires static transitive org.jspecify;
  requires transitive dev.berth.core;
  requires transitive dev.berth.linux;
  requires transitive dev.berth.store;

  exports dev.berth.network;
}
