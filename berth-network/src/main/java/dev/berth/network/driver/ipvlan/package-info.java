/** Networks of ipvlan interfaces: containers share the MAC address of their parent. */
@NullMarked
package dev.berth.network.driver.ipvlan;

import org.jspecify.annotations.NullMarked;
