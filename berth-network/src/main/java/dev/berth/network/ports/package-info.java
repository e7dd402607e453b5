/**
 * Published ports: parsing, reservation on the host, and the proxy for what the kernel cannot
 * translate.
 */
@NullMarked
package dev.berth.network.ports;

import org.jspecify.annotations.NullMarked;
