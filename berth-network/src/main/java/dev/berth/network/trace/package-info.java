/** Follows one packet through the packet filter's rules as they stand in the kernel. */
@NullMarked
package dev.berth.network.trace;

import org.jspecify.annotations.NullMarked;
