/**
 * The only module with foreign-function code: system calls, netlink, nftables, mounts, namespaces,
 * pidfds.
 */
module dev.berth.linux {
  requires static transitive org.jspecify;

  exports dev.berth.linux;
}
