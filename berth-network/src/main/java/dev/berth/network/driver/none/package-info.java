/** Networks without interfaces: the predefined host and none, and config-only ones. */
@NullMarked
package dev.berth.network.driver.none;

import org.jspecify.annotations.NullMarked;
