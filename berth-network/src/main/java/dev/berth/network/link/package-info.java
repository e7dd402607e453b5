/** Links, addresses and routes as data, and what the network feature asks of the kernel. */
@NullMarked
package dev.berth.network.link;

import org.jspecify.annotations.NullMarked;
