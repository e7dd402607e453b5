/**
 * The only module with foreign-function code: system calls, netlink, nftables, mounts, namespaces,
 * pidfds.
 */
module dev.berth.linux {
  requires static transitive org.jspecify;
  requires transitive dev.berth.core;

  exports dev.berth.linux;
}
