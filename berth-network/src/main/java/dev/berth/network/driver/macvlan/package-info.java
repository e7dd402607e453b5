/** Networks of macvlan interfaces: each container has a MAC address of its own on the wire. */
@NullMarked
package dev.berth.network.driver.macvlan;

import org.jspecify.annotations.NullMarked;
