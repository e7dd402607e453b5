/** Networks, endpoints, sandboxes, IPAM, DNS, firewall and ports. */
@NullMarked
package dev.berth.network;

import org.jspecify.annotations.NullMarked;
