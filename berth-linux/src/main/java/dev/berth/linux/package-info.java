/**
 * The only module with foreign-function code: system calls, netlink, nftables, mounts, namespaces,
 * pidfds.
 */
@NullMarked
package dev.berth.linux;

import org.jspecify.annotations.NullMarked;
