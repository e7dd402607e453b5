/** Address management: subnets cut from pools, and addresses handed out from subnets. */
@NullMarked
package dev.berth.network.ipam;

import org.jspecify.annotations.NullMarked;
