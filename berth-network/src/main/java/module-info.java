/** Networks, endpoints, sandboxes, IPAM, DNS, firewall and ports. */
module dev.berth.network {
  exports dev.berth.network.dns;
  exports dev.berth.network.explain;
  exports dev.berth.network.firewall;
  exports dev.berth.network.ports;
  exports dev.berth.network.trace;

  requires static transitive org.jspecify;
  requires transitive dev.berth.core;
  requires transitive dev.berth.linux;
  requires transitive dev.berth.plugin;
  requires transitive dev.berth.store;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires inet.ipaddr;

  exports dev.berth.network;
  exports dev.berth.network.link;
}
