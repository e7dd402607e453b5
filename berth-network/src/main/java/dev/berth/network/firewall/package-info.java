/**
 * The packet filter as data: desired state, pure translation to rules, and the backends that apply
 * it.
 */
@NullMarked
package dev.berth.network.firewall;

import org.jspecify.annotations.NullMarked;
